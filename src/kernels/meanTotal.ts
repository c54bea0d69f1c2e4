import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import { COUNT, FORECAST, leafSums, TARGET, THRESHOLD, WEIGHT } from "./leafSums.ts";
import { type Leaves, leafTotal } from "./leafTotal.ts";
import { meanLeaf } from "./meanLeaf.ts";
import { type ValuesModule, valuesModule } from "./valuesModule.ts";

/** Weighted sums over all places where forecast, target and, if there is one, threshold are present. */
export interface MeanTotal {
  readonly n: number;
  readonly weight: ExactSum;
  readonly forecast: ExactSum;
  readonly target: ExactSum;
  readonly threshold: ExactSum;
  /** The target alone, over all places it has. */
  readonly own: { readonly n: number; readonly weight: ExactSum; readonly target: ExactSum };
}

/** Sums of the values themselves over all leaves, in one pass. */
export const meanTotal = (
  forecast: Values,
  target: Values,
  threshold: Values | undefined,
  leaves: Leaves,
): MeanTotal =>
  valuesModule === undefined
    ? scalarMeanTotal(forecast, target, threshold, leaves)
    : simdMeanTotal(valuesModule, forecast, target, threshold, leaves);

export const simdMeanTotal = (
  module: ValuesModule,
  forecast: Values,
  target: Values,
  threshold: Values | undefined,
  leaves: Leaves,
): MeanTotal => {
  const fw = forecast.BYTES_PER_ELEMENT;
  const ow = target.BYTES_PER_ELEMENT;
  const cw = threshold?.BYTES_PER_ELEMENT ?? 0;
  const arrays = threshold === undefined ? [forecast, target] : [forecast, target, threshold];
  const weighed =
    threshold === undefined || leaves.columns !== undefined
      ? leaves
      : { ...leaves, columns: new Float64Array(longest(leaves.borders)).fill(1) };
  const { counts, sums } = leafTotal(module, arrays, weighed, 6, (run, [f, o, c = 0], tile) =>
    run.means(
      f!,
      o!,
      c,
      fw,
      ow,
      cw,
      tile.columns,
      tile.first,
      tile.borders,
      tile.weights,
      tile.count,
      tile.total,
    ),
  );
  return {
    n: counts[0],
    weight: sums[0]!,
    forecast: sums[1]!,
    target: sums[2]!,
    threshold: sums[3]!,
    own: { n: counts[1], weight: sums[4]!, target: sums[5]! },
  };
};

/** Places of the longest leaf. */
const longest = (borders: Uint32Array): number => {
  let most = 0;
  for (let i = 0; i + 1 < borders.length; i++) most = Math.max(most, borders[i + 1]! - borders[i]!);
  return most;
};

export const scalarMeanTotal = (
  f: Values,
  o: Values,
  c: Values | undefined,
  { borders, weights, columns }: Leaves,
): MeanTotal => {
  const leaf = leafSums();
  const own = leafSums();
  let n = 0;
  const weight: number[] = [];
  const forecast: number[] = [];
  const target: number[] = [];
  const threshold: number[] = [];
  let ownN = 0;
  const ownWeight: number[] = [];
  const ownTarget: number[] = [];
  for (let i = 0; i + 1 < borders.length; i++) {
    const start = borders[i]!;
    const stop = borders[i + 1]!;
    const w = weights[i]!;
    meanLeaf(f, o, c, start, stop, columns, leaf);
    const complete = leaf[COUNT] === stop - start;
    if (!complete) meanLeaf(o, o, undefined, start, stop, columns, own);
    const all = complete ? leaf : own;
    if (all[COUNT] === 0) continue;
    ownN += all[COUNT]!;
    addExact(ownWeight, w * all[WEIGHT]!);
    addExact(ownTarget, w * all[TARGET]!);
    if (leaf[COUNT] === 0) continue;
    n += leaf[COUNT]!;
    addExact(weight, w * leaf[WEIGHT]!);
    addExact(forecast, w * leaf[FORECAST]!);
    addExact(target, w * leaf[TARGET]!);
    if (c !== undefined) addExact(threshold, w * leaf[THRESHOLD]!);
  }
  return {
    n,
    weight,
    forecast,
    target,
    threshold,
    own: { n: ownN, weight: ownWeight, target: ownTarget },
  };
};
