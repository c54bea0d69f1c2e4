/**
 * Quantile of rising numbers, linear between order statistics (type 7 of Hyndman and Fan 1996,
 * doi:10.1080/00031305.1996.10473566): the value at position 1 + (n - 1) level. NaN where there are none.
 *
 *     sortedQuantile([1, 2, 4], 0.75) // 3
 */
export const sortedQuantile = (rising: ArrayLike<number>, level: number): number => {
  const last = rising.length - 1;
  if (last < 0) return Number.NaN;
  const position = level * last;
  const below = Math.min(last, Math.floor(position));
  const low = rising[below]!;
  const part = position - below;
  return part === 0 ? low : low + (rising[below + 1]! - low) * part;
};
