/** Positions on an axis of strictly ascending or descending coordinates. */

/**
 * Index of the coordinate nearest to `wanted`; half-way (within `slack`) the smaller coordinate; outside the axis
 * the outermost one.
 *
 *     nearestIndex(Float64Array.of(0, 1, 2), 0.5) // 0
 */
export const nearestIndex = (axis: ArrayLike<number>, wanted: number, slack = 0): number => {
  const last = axis.length - 1;
  const descending = last > 0 && axis[0]! > axis[last]!;
  const at = (rank: number): number => axis[descending ? last - rank : rank]!;
  // How many midpoints lie strictly below `wanted`.
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at(middle) + at(middle + 1)) / 2 < wanted - slack) low = middle + 1;
    else high = middle;
  }
  return descending ? last - low : low;
};

/** Two neighbours on an axis and the weight of the second; `weight` 0 means the first alone. */
export interface Bracket {
  readonly first: number;
  readonly second: number;
  readonly weight: number;
}

/** Rounding of degrees stored as float32: coordinates that differ by less are the same on grids coarser than 0.002. */
const FLOAT32 = 2e-5;

/**
 * How close to another a coordinate is that other, in parts of the spacing (degrees): 1e-5, or the rounding of
 * float32 where that is more, at most a hundredth.
 */
export const samePlace = (spacing: number): number => Math.max(1e-5, Math.min(0.01, FLOAT32 / spacing));

/**
 * The neighbours of `wanted`; undefined outside the axis. A coordinate within `samePlace` of a neighbour is that
 * neighbour, so that float32 and float64 axes of one grid are the same grid.
 */
export const bracket = (axis: ArrayLike<number>, wanted: number): Bracket | undefined => {
  const last = axis.length - 1;
  if (last < 0) return undefined;
  if (last === 0)
    return Math.abs(wanted - axis[0]!) <= FLOAT32 ? { first: 0, second: 0, weight: 0 } : undefined;
  const sign = axis[0]! > axis[last]! ? -1 : 1;
  let low = 0;
  let high = last - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sign * axis[middle]! <= sign * wanted) low = middle;
    else high = middle - 1;
  }
  const spacing = axis[low + 1]! - axis[low]!;
  const weight = (wanted - axis[low]!) / spacing;
  const same = samePlace(Math.abs(spacing));
  if (weight < -same || weight > 1 + same || Number.isNaN(weight)) return undefined;
  if (weight <= same) return { first: low, second: low, weight: 0 };
  if (weight >= 1 - same) return { first: low + 1, second: low + 1, weight: 0 };
  return { first: low, second: low + 1, weight };
};
