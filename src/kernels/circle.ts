/** Degrees on the circle. */

/** `x` modulo 360, in [0, 360). */
export const mod360 = (x: number): number => {
  const rest = x % 360;
  return rest < 0 ? rest + 360 : rest === 0 ? 0 : rest;
};

/** How far east of `west` the longitude lies, in [0, 360); just below 360 counts as just below 0. */
export const eastOf = (west: number, longitude: number, tolerance: number): number => {
  const offset = mod360(longitude - west);
  return offset > 360 - tolerance ? offset - 360 : offset;
};

/**
 * A longitude axis unrolled: columns in order from west to east, starting after the widest gap, and how far east
 * of the first each lies. `closed` where the widest gap is a gap like the others: the grid goes round the globe.
 */
export interface Unrolled {
  /** Column of the axis at each position. */
  readonly order: Int32Array;
  /** Degrees east of the first position, ascending from 0. */
  readonly offset: Float64Array;
  /** Stored longitude of the first position. */
  readonly origin: number;
  readonly closed: boolean;
}

const GAP_FACTOR = 1.5;

/** Unrolls an axis of longitudes in any convention and any rotation. A meridian stored twice is taken once. */
export const unroll = (longitude: Float64Array): Unrolled => {
  const n = longitude.length;
  const first = longitude[0] ?? 0;
  const around = Array.from(longitude, (value, column) => ({ column, at: mod360(value - first) }))
    .sort((a, b) => a.at - b.at || a.column - b.column)
    .filter(({ at }, i, all) => i === 0 || (at - all[i - 1]!.at > 1e-9 && at < 360 - 1e-9));
  const count = around.length;
  const gapAfter = (i: number): number =>
    i + 1 < count ? around[i + 1]!.at - around[i]!.at : around[0]!.at + 360 - around[i]!.at;
  let widest = count - 1;
  for (let i = 0; i < count; i++) if (gapAfter(i) > gapAfter(widest) * (1 + 1e-9)) widest = i;
  let second = 0;
  for (let i = 0; i < count; i++) if (i !== widest) second = Math.max(second, gapAfter(i));
  const closed = n > 1 && gapAfter(widest) <= GAP_FACTOR * second;
  const start = closed ? 0 : (widest + 1) % Math.max(count, 1);
  const order = new Int32Array(count);
  const offset = new Float64Array(count);
  const origin = longitude[around[start]?.column ?? 0] ?? 0;
  for (let i = 0; i < count; i++) {
    const { column } = around[(start + i) % count]!;
    order[i] = column;
    offset[i] = i === 0 ? 0 : mod360(longitude[column]! - origin);
  }
  return { order, offset, origin, closed };
};
