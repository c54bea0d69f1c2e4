/**
 * A smooth field on a global grid, as weather looks to a compressor: waves of a red spectrum, rounded to a binary
 * step as 16-bit packing leaves them. The same arguments give the same bits on one version of Node.
 */
export interface Field {
  /** Degrees between neighbours; 0.25 is 721 x 1440. */
  readonly degrees: number;
  readonly seed: number;
  /** Mean, amplitude and rounding step, in the variable's unit. */
  readonly mean: number;
  readonly amplitude: number;
  readonly step: number;
}

const waves = 24;

/** Rows from 90 to -90, columns from 0. */
export const waveField = ({ degrees, seed, mean, amplitude, step }: Field): Float32Array => {
  const [rows, columns] = [Math.round(180 / degrees) + 1, Math.round(360 / degrees)];
  const values = new Float32Array(rows * columns);
  const line = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const latitude = Math.PI / 2 - (row * degrees * Math.PI) / 180;
    line.fill(mean);
    for (let wave = 1; wave <= waves; wave++) {
      const k = Math.round(1.22 ** wave);
      const size =
        ((amplitude * 2) / (k + 2) ** 0.6) * Math.cos(latitude) * (0.4 + 0.6 * part(seed, wave, 1));
      const tilt = (part(seed, wave, 2) - 0.5) * 2 * (1 + k) * latitude;
      const phase = 2 * Math.PI * part(seed, wave, 3) + tilt;
      // cos(k x + phase) for x in equal steps, by rotation.
      const [turn, lift] = [Math.cos((k * degrees * Math.PI) / 180), Math.sin((k * degrees * Math.PI) / 180)];
      let [c, s] = [size * Math.cos(phase), size * Math.sin(phase)];
      for (let column = 0; column < columns; column++) {
        line[column] = line[column]! + c;
        [c, s] = [c * turn - s * lift, s * turn + c * lift];
      }
    }
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = Math.round(line[column]! / step) * step;
    }
  }
  return values;
};

/** A number in [0, 1) for three whole numbers. */
const part = (a: number, b: number, c: number): number => {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
};
