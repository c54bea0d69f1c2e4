import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import { COUNT, FORECAST, leafSums, TARGET, THRESHOLD, WEIGHT } from "./leafSums.ts";
import { type LeafWork, type Leaves, leafTotal, withColumns } from "./leafTotal.ts";
import { meanLeaf } from "./meanLeaf.ts";

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
): MeanTotal => leafTotal(meanWork(forecast, target, threshold, leaves));

export const meanWork = (
  forecast: Values,
  target: Values,
  threshold: Values | undefined,
  leaves: Leaves,
): LeafWork<MeanTotal> => {
  const arrays = threshold === undefined ? [forecast, target] : [forecast, target, threshold];
  const [fw, ow, cw = 0] = arrays.map((values) => values.BYTES_PER_ELEMENT);
  return {
    arrays,
    leaves: threshold === undefined ? leaves : withColumns(leaves),
    sums: 6,
    add: (run, [f, o, c = 0], { columns, leaves }) => run.means(f!, o!, c, fw!, ow!, cw, columns, ...leaves),
    total: ({ counts, sums }) => ({
      ...{ n: counts[0], weight: sums[0]!, forecast: sums[1]!, target: sums[2]!, threshold: sums[3]! },
      own: { n: counts[1], weight: sums[4]!, target: sums[5]! },
    }),
    scalar: () => scalarMeanTotal(forecast, target, threshold, leaves),
  };
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
