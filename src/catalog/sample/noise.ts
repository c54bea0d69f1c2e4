import { randomAt } from "./random.ts";
import { smoothStep } from "./shapes.ts";

/**
 * Smooth noise of standard deviation near 1 over the region at one moment: random values on a lattice of `cell`
 * degrees and of whole moments, interpolated. Moving a pattern east is asking west of the place.
 *
 * @param moment time in units of the pattern's life
 * @param drift degrees the pattern has moved east
 */
export const noisePlane = (
  seed: number,
  cell: number,
  moment: number,
  drift: number,
): ((latitude: number, longitude: number) => number) => {
  const k = Math.floor(moment);
  const late = smoothStep(moment - k);
  const bottom = Math.floor(south / cell);
  const left = Math.floor((west - drift) / cell);
  const height = Math.ceil((north - south) / cell) + 2;
  const width = Math.ceil((east - west) / cell) + 2;
  const lattice = new Float64Array(height * width);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const early = randomAt(seed, left + i, bottom + j, k);
      lattice[j * width + i] = early + late * (randomAt(seed, left + i, bottom + j, k + 1) - early);
    }
  }
  return (latitude, longitude) => {
    const y = latitude / cell - bottom;
    const x = (longitude - drift) / cell - left;
    const [j, i] = [Math.floor(y), Math.floor(x)];
    const [v, u] = [smoothStep(y - j), smoothStep(x - i)];
    const at = j * width + i;
    const lower = lattice[at]! + u * (lattice[at + 1]! - lattice[at]!);
    const upper = lattice[at + width]! + u * (lattice[at + width + 1]! - lattice[at + width]!);
    return 2.6 * (lower + v * (upper - lower));
  };
};

/** The lattice covers this box, degrees. */
const [south, north, west, east] = [30, 76, -16, 28];
