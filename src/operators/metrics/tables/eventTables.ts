import { exactValue } from "../../../kernels/exactSum.ts";
import { type LeafWork, type Leaves, leafTotal } from "../../../kernels/leafTotal.ts";
import type { CellCounts } from "../../../kernels/tables/cellCounts.ts";
import { eventCounts, eventWork } from "../../../kernels/tables/eventCounts.ts";
import { indicator } from "../../../kernels/tables/indicator.ts";
import { justAbove } from "../../../kernels/tables/justAbove.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { onceOfLeaves } from "../onceOfLeaves.ts";
import { type Comparison, inPrecisionOf, type ParsedCriterion, thresholdValues } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import type { ParsedEvents } from "./events.ts";

/** What a missing value is: no sample at all, or no event. */
export type Missing = "absent" | "nonEvent";

/** Hits, false alarms, misses and correct negatives, counted or as sums of weights, and the number of samples. */
export interface Table {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly n: number;
}

/**
 * The tables of one pair, four cells a threshold. Thresholds that are numbers are counted in one pass, a field of
 * thresholds in one of its own. Metrics share it through `once`.
 */
export const eventTables = (
  pair: Pair,
  variable: string,
  { comparison, forecast, target }: ParsedEvents,
  weights: Weights,
  missing: Missing,
): CellCounts => {
  const leaves = weighedLeaves(pair.places, weights);
  const [f, o] = [pair.forecast, pair.target].map((side) =>
    withoutMissing(side[variable]!.values, comparison, missing),
  ) as [Values, Values];
  const weighed = weights !== "none";
  const criteria = [forecast, target] as readonly (readonly ParsedCriterion[])[];
  const isNumber = forecast.map((_, k) => criteria.every((side) => side[k]!.number !== undefined));
  const counts = new Float64Array(4 * forecast.length);
  const sums = weighed ? new Array(4 * forecast.length) : undefined;
  const put = (k: number, found: CellCounts, at: number): void => {
    for (let cell = 0; cell < 4; cell++) {
      counts[4 * k + cell] = found.counts[4 * at + cell]!;
      if (sums !== undefined) sums[4 * k + cell] = found.sums![4 * at + cell]!;
    }
  };
  const numbers = isNumber.flatMap((is, k) => (is ? [k] : []));
  if (numbers.length > 0) {
    const [ofForecast, ofTarget] = criteria.map((side) => numbers.map((k) => side[k]!.number!.value)) as [
      number[],
      number[],
    ];
    const found = asEvents(
      comparison,
      missing === "absent"
        ? onceOfLeaves(numbersWork, pair, variable, comparison, ofForecast, ofTarget, weights)
        : leafTotal(countsWork(f, o, comparison, ofForecast, ofTarget, leaves, weighed)),
    );
    for (const [at, k] of numbers.entries()) put(k, found, at);
  }
  for (const [k, is] of isNumber.entries()) {
    if (is) continue;
    const [met, metBy] = [f, o].map((values, side) =>
      indicator(values, comparison, thresholdsOf(pair, values, criteria[side]![k]!, comparison, missing)),
    ) as [Float32Array, Float32Array];
    put(k, eventCounts(met, metBy, [0.5], [0.5], leaves, weighed), 0);
  }
  return { counts, sums };
};

/** Counts of values above some numbers. */
const numbersWork = (
  { forecast, target, places }: Pair,
  variable: string,
  comparison: Comparison,
  ofForecast: readonly number[],
  ofTarget: readonly number[],
  weights: Weights,
): LeafWork<CellCounts> => {
  const [f, o] = [forecast[variable]!.values, target[variable]!.values];
  const leaves = weighedLeaves(places, weights);
  return countsWork(f, o, comparison, ofForecast, ofTarget, leaves, weights !== "none");
};

const countsWork = (
  f: Values,
  o: Values,
  comparison: Comparison,
  ofForecast: readonly number[],
  ofTarget: readonly number[],
  leaves: Leaves,
  weighed: boolean,
): LeafWork<CellCounts> => {
  const edges = (values: Values, numbers: readonly number[]): number[] =>
    numbers.map((number) => edgeOf(values, comparison, number));
  return eventWork(f, o, edges(f, ofForecast), edges(o, ofTarget), leaves, weighed);
};

/** Values >= this are above a threshold: the next number where the threshold itself is not. */
export const edgeOf = (values: Values, comparison: Comparison, threshold: number): number => {
  const number = inPrecisionOf(values, threshold);
  return comparison === ">=" || comparison === "<"
    ? number
    : justAbove(number, values instanceof Float32Array);
};

/** Counts of values above as counts of events: not above is the event where it is `below`. */
export const asEvents = (comparison: Comparison, { counts, sums }: CellCounts): CellCounts => {
  if (comparison === ">=" || comparison === ">") return { counts, sums };
  const turned = (cell: number): number => cell - (cell % 4) + 3 - (cell % 4);
  return {
    counts: counts.map((_, cell) => counts[turned(cell)]!),
    sums: sums?.map((_, cell) => sums[turned(cell)]!),
  };
};

/** Missing values as they are, or as values that are never an event. */
const withoutMissing = (values: Values, comparison: Comparison, missing: Missing): Values => {
  if (missing === "absent") return values;
  const never =
    comparison === ">=" || comparison === ">" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return values.map((value) => (Number.isNaN(value) ? never : value));
};

/** One threshold a place. */
export const thresholdsOf = (
  pair: Pair,
  values: Values,
  criterion: ParsedCriterion,
  comparison: Comparison,
  missing: Missing,
): Values => {
  const field = thresholdValues(pair, criterion);
  if (field === undefined) {
    return new Float64Array(values.length).fill(inPrecisionOf(values, criterion.number!.value));
  }
  const turned: Comparison = comparison === ">=" || comparison === ">" ? "<=" : ">=";
  return withoutMissing(field, turned, missing);
};

/** Table k of some counts. */
export const tableOf = ({ counts, sums }: CellCounts, k: number, cells = 4): Table => {
  const at = k * cells;
  const value = (cell: number): number =>
    sums === undefined ? counts[at + cell]! : exactValue(sums[at + cell]!);
  const n = counts[at]! + counts[at + 1]! + counts[at + 2]! + counts[at + 3]!;
  return { a: value(0), b: value(1), c: value(2), d: value(3), n };
};
