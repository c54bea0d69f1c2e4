import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import { COUNT, FORECAST, leafSums } from "./leafSums.ts";
import { leafTotal } from "./leafTotal.ts";
import { meanLeaf } from "./meanLeaf.ts";

/** Count and sum of what is present. */
export interface ValueTotal {
  readonly n: number;
  readonly sum: ExactSum;
}

/** Sum of one side over all leaves, unweighted. */
export const valueTotal = (values: Values, borders: Uint32Array): ValueTotal =>
  leafTotal({
    arrays: [values],
    leaves: { borders, weights: new Float64Array(), columns: undefined },
    sums: 1,
    add: (run, [v], { leaves: [first, borders, , count, total] }) =>
      run.values(v!, values.BYTES_PER_ELEMENT, first, borders, count, total),
    total: ({ counts, sums }): ValueTotal => ({ n: counts[0], sum: sums[0]! }),
    scalar: () => scalarValueTotal(values, borders),
  });

export const scalarValueTotal = (values: Values, borders: Uint32Array): ValueTotal => {
  const leaf = leafSums();
  const sum: number[] = [];
  let n = 0;
  for (let i = 0; i + 1 < borders.length; i++) {
    meanLeaf(values, values, undefined, borders[i]!, borders[i + 1]!, undefined, leaf);
    n += leaf[COUNT]!;
    addExact(sum, leaf[FORECAST]!);
  }
  return { n, sum };
};
