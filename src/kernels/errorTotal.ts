import type { Values } from "../model/field.ts";
import { errorLeaf } from "./errorLeaf.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import { ABSOLUTE, COUNT, ERROR, leafSums, SQUARED, WEIGHT } from "./leafSums.ts";
import { type LeafWork, type Leaves, leafTotal } from "./leafTotal.ts";

/** Weighted sums over all places where both sides are present. */
export interface ErrorTotal {
  readonly n: number;
  readonly weight: ExactSum;
  readonly error: ExactSum;
  readonly absolute: ExactSum;
  readonly squared: ExactSum;
}

/** Sums of f - o, |f - o| and (f - o)^2 over all leaves, in one pass. */
export const errorTotal = (forecast: Values, target: Values, leaves: Leaves): ErrorTotal =>
  leafTotal(errorWork(forecast, target, leaves));

export const errorWork = (forecast: Values, target: Values, leaves: Leaves): LeafWork<ErrorTotal> => ({
  arrays: [forecast, target],
  leaves,
  sums: 4,
  add: (run, [f, o], { columns, leaves }) =>
    run.errors(f!, o!, forecast.BYTES_PER_ELEMENT, target.BYTES_PER_ELEMENT, columns, ...leaves),
  total: ({ counts, sums }) => ({
    ...{ n: counts[0], weight: sums[0]!, error: sums[1]!, absolute: sums[2]!, squared: sums[3]! },
  }),
  scalar: () => scalarErrorTotal(forecast, target, leaves),
});

export const scalarErrorTotal = (
  forecast: Values,
  target: Values,
  { borders, weights, columns }: Leaves,
): ErrorTotal => {
  const leaf = leafSums();
  let n = 0;
  const weight: number[] = [];
  const error: number[] = [];
  const absolute: number[] = [];
  const squared: number[] = [];
  for (let i = 0; i + 1 < borders.length; i++) {
    errorLeaf(forecast, target, borders[i]!, borders[i + 1]!, columns, leaf);
    if (leaf[COUNT] === 0) continue;
    const w = weights[i]!;
    n += leaf[COUNT]!;
    addExact(weight, w * leaf[WEIGHT]!);
    addExact(error, w * leaf[ERROR]!);
    addExact(absolute, w * leaf[ABSOLUTE]!);
    addExact(squared, w * leaf[SQUARED]!);
  }
  return { n, weight, error, absolute, squared };
};
