/**
 * Quantile of numbers in ascending order, linear between order statistics (Hyndman and Fan 1996 type 7,
 * doi:10.2307/2684934). NaN of none. Infinities are no obstacle.
 *
 *     linearQuantile([1, 2, 4], 0.75) // 3
 */
export const linearQuantile = (sorted: ArrayLike<number>, level: number): number => {
  const last = sorted.length - 1;
  if (last < 0 || !(level >= 0 && level <= 1)) return Number.NaN;
  const at = level * last;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(last, below + 1)]!;
  if (at === below || low === high) return low;
  return low + (at - below) * (high - low);
};
