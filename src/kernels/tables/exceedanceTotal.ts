import type { Values } from "../../model/field.ts";
import { type LeafWork, type Leaves, leafTotal } from "../leafTotal.ts";
import { addedTotal, COUNT, SCORES, type ScoreTotal, WEIGHT } from "../scores/scoreTotal.ts";
import { scalarCount } from "./eventCounts.ts";
import type { Comparison } from "./indicator.ts";
import { justAbove } from "./justAbove.ts";

/**
 * How much of the places, where both sides are present, meets each of some thresholds: two sums a threshold, of the
 * forecast and of the target. Thresholds are numbers in the precision of each side.
 */
export const exceedanceTotal = (...of: Parameters<typeof exceedanceWork>): ScoreTotal =>
  leafTotal(exceedanceWork(...of));

export const exceedanceWork = (
  f: Values,
  o: Values,
  comparison: Comparison,
  forForecast: readonly number[],
  forTarget: readonly number[],
  leaves: Leaves,
): LeafWork<ScoreTotal> => {
  // What is not below is at or above; what is not at or below is at or above the next number.
  const isOn = comparison === ">=" || comparison === "<";
  const edges = (values: Values, numbers: readonly number[]): number[] =>
    isOn ? [...numbers] : numbers.map((number) => justAbove(number, values instanceof Float32Array));
  const [ef, eo] = [edges(f, forForecast), edges(o, forTarget)];
  const turned = comparison === "<=" || comparison === "<";
  const many = ef.length;
  const [fw, ow] = [f.BYTES_PER_ELEMENT, o.BYTES_PER_ELEMENT];
  return {
    arrays: [f, o],
    leaves,
    sums: 1 + 2 * many,
    scratch: Float64Array.of(...ef, ...eo, ...new Float64Array(4 * many)),
    add: (run, [x, y], { columns, scratch, leaves }) =>
      run.exceedances(x!, y!, fw, ow, columns, scratch, many, turned, ...leaves),
    total: ({ counts, sums: [weight, ...sums] }) => ({ n: counts[0], weight: weight!, sums }),
    scalar: () => scalarTotal(f, o, ef, eo, turned, leaves),
  };
};

const scalarTotal = (
  f: Values,
  o: Values,
  ef: readonly number[],
  eo: readonly number[],
  turned: boolean,
  leaves: Leaves,
): ScoreTotal => {
  const many = ef.length;
  const count = scalarCount(f, o, ef, eo);
  const tables = new Float64Array(4 * many);
  return addedTotal(2 * many, leaves, (start, stop, columns, out) => {
    if (columns !== undefined) {
      for (let k = 0; k < many; k++) addWeighed(f, o, start, stop, columns, ef[k]!, eo[k]!, turned, k, out);
      return;
    }
    tables.fill(0);
    count(start, stop, tables);
    for (let k = 0; k < many; k++) {
      const [a, b, c, d] = [tables[4 * k]!, tables[4 * k + 1]!, tables[4 * k + 2]!, tables[4 * k + 3]!];
      out[COUNT] = a + b + c + d;
      out[SCORES + 2 * k] = turned ? c + d : a + b;
      out[SCORES + 2 * k + 1] = turned ? b + d : a + c;
    }
    out[WEIGHT] = out[COUNT]!;
  });
};

const addWeighed = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array,
  forecastEdge: number,
  targetEdge: number,
  turned: boolean,
  k: number,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let ofForecast = 0;
  let ofTarget = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const c = columns[i - start]!;
    count += 1;
    weight += c;
    if (x >= forecastEdge !== turned) ofForecast += c;
    if (y >= targetEdge !== turned) ofTarget += c;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES + 2 * k] = ofForecast;
  out[SCORES + 2 * k + 1] = ofTarget;
};
