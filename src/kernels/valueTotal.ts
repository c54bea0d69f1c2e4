import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import { COUNT, FORECAST, leafSums } from "./leafSums.ts";
import { leafTotal } from "./leafTotal.ts";
import { meanLeaf } from "./meanLeaf.ts";
import { type ValuesModule, valuesModule } from "./valuesModule.ts";

/** Count and sum of what is present. */
export interface ValueTotal {
  readonly n: number;
  readonly sum: ExactSum;
}

/** Sum of one side over all leaves, unweighted. */
export const valueTotal = (values: Values, borders: Uint32Array): ValueTotal =>
  valuesModule === undefined
    ? scalarValueTotal(values, borders)
    : simdValueTotal(valuesModule, values, borders);

export const simdValueTotal = (module: ValuesModule, values: Values, borders: Uint32Array): ValueTotal => {
  const width = values.BYTES_PER_ELEMENT;
  const leaves = { borders, weights: new Float64Array(), columns: undefined };
  const { counts, sums } = leafTotal(module, [values], leaves, 1, (run, [v], tile) =>
    run.values(v!, width, tile.first, tile.borders, tile.count, tile.total),
  );
  return { n: counts[0], sum: sums[0]! };
};

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
