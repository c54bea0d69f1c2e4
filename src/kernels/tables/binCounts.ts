/**
 * A mergeable sketch of a sample: how many numbers lie nearest to each multiple of a width. Every order statistic, and
 * so every quantile interpolated between two of them, is off by at most half of the width, whatever the sample; the
 * state grows with the range of the data and not with their number.
 */
export type BinCounts = ReadonlyMap<number, number>;

export const binCounts = (values: Float64Array, width: number): BinCounts => {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const bin = Math.round(values[i]! / width) + 0;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
};

export const joinCounts = (a: BinCounts, b: BinCounts): BinCounts => {
  const [large, small] = a.size < b.size ? [b, a] : [a, b];
  if (small.size === 0) return large;
  const joined = new Map(large);
  for (const [bin, count] of small) joined.set(bin, (joined.get(bin) ?? 0) + count);
  return joined;
};
