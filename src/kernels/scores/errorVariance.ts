import type { Values } from "../../model/field.ts";
import { addExact } from "../exactSum.ts";
import { laneSums } from "../leafSums.ts";
import { type LeafWork, type Leaves, leafTotal, withColumns } from "../leafTotal.ts";
import { addSecond } from "./momentTotal.ts";
import type { ScoreTotal } from "./scoreTotal.ts";
import { addProduct } from "./twoProduct.ts";

/**
 * Weighted sums of e = f - o and e e over all places where both are present, as `momentTotal` adds them: deviations
 * from the first error of a leaf, the rest without rounding.
 */
export const errorVariance = (f: Values, o: Values, leaves: Leaves): ScoreTotal =>
  leafTotal(varianceWork(f, o, leaves));

export const varianceWork = (f: Values, o: Values, leaves: Leaves): LeafWork<ScoreTotal> => {
  const [fw, ow] = [f.BYTES_PER_ELEMENT, o.BYTES_PER_ELEMENT];
  return {
    arrays: [f, o],
    leaves: fw === 4 && ow === 4 ? leaves : withColumns(leaves),
    sums: 3,
    add: (run, [x, y], { columns, leaves }) => run.variance(x!, y!, fw, ow, columns, ...leaves),
    total: ({ counts, sums: [weight, ...sums] }) => ({ n: counts[0], weight: weight!, sums }),
    scalar: () => scalarErrorVariance(f, o, leaves),
  };
};

export const scalarErrorVariance = (
  f: Values,
  o: Values,
  { borders, weights, columns }: Leaves,
): ScoreTotal => {
  const weight: number[] = [];
  const sum: number[] = [];
  const squares: number[] = [];
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    let first = start;
    while (first < stop && !(Number.isFinite(f[first]!) && Number.isFinite(o[first]!))) first += 1;
    const a = first < stop ? f[first]! - o[first]! : 0;
    const [count, total, e, ee] = laneSums(4, start, stop, (i, out) => {
      const d = f[i]! - o[i]! - a;
      if (Number.isNaN(d)) return;
      const c = columns === undefined ? 1 : columns[i - start]!;
      out[0]! += 1;
      out[1]! += c;
      out[2]! += c * d;
      out[3]! += c * (d * d);
    }) as [number, number, number, number];
    if (count === 0) continue;
    const w = weights[leaf]!;
    const [W, se] = [w * total, w * e];
    n += count;
    addExact(weight, W);
    addProduct(sum, W, a);
    addExact(sum, se);
    addSecond(squares, W, a, a, se, se, w * ee);
  }
  return { n, weight, sums: [sum, squares] };
};
