/**
 * Pearson correlation of ranks, equal numbers sharing the mean of their ranks (Spearman 1904, doi:10.2307/1412159), of
 * pairs that lie one after another: x, y, x, y ... NaN where a side is constant or there are fewer than two pairs. Pairs
 * are added up in the order of their values, so that their order in the sample changes no bit.
 */
export const rankCorrelation = (pairs: Float64Array): number => {
  const n = pairs.length / 2;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const bySide = (side: number) => (i: number, j: number) => pairs[2 * i + side]! - pairs[2 * j + side]!;
  const ranks = [0, 1].map((side) => {
    order.sort(bySide(side));
    return sharedRanks(pairs, order, side);
  });
  const [x, y] = [ranks[0]!, ranks[1]!];
  order.sort((i, j) => x[i]! - x[j]! || y[i]! - y[j]!);
  let [xx, yy, xy] = [0, 0, 0];
  for (const i of order) {
    xx += x[i]! * x[i]!;
    yy += y[i]! * y[i]!;
    xy += x[i]! * y[i]!;
  }
  return xx === 0 || yy === 0 ? Number.NaN : Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
};

/** Ranks minus their mean. */
const sharedRanks = (pairs: Float64Array, order: Uint32Array, side: number): Float64Array => {
  const n = order.length;
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    const value = pairs[2 * order[start]! + side]!;
    let stop = start + 1;
    while (stop < n && pairs[2 * order[stop]! + side]! === value) stop += 1;
    for (let k = start; k < stop; k++) ranks[order[k]!] = (start + stop - 1) / 2 - (n - 1) / 2;
    start = stop;
  }
  return ranks;
};
