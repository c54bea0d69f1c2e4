import { addExact, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Pair } from "../../model/pair.ts";
import type { MemoryArray } from "../../model/source.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { mergeSeries, type Series } from "../../operators/metrics/runs/series.ts";
import { ERRORS, type PointwiseError, type PointwiseSums } from "../../operators/metrics/values/pointwise.ts";
import { labelWeights } from "./labelWeights.ts";
import { type LatticeSample, latticeOf, latticeSample } from "./lattice.ts";
import { checkPeerOptions, type PeerOptions, peerParameters, preservedDims } from "./options.ts";
import { thresholdWeighting } from "./thresholdWeighting.ts";

/**
 * The pointwise errors of ExtremeWeatherBench 1.1.0: unweighted, pooled over everything but `preserveDims`, with a
 * NaN row for every lead of a run that no target meets.
 */
type Make = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options?: PeerOptions,
) => Metric<V>;

/** Mean error as ExtremeWeatherBench 1.1.0 computes it. Takes no intervals. Throws `Options`. */
export const meanError: Make = (variable, options = {}) =>
  pointwise(ERRORS.meanError, variable, options, undefined);

/** Root mean squared error as ExtremeWeatherBench 1.1.0 computes it. Takes no intervals. Throws `Options`. */
export const rootMeanSquaredError: Make = (variable, options = {}) =>
  pointwise(ERRORS.rootMeanSquaredError, variable, options, undefined);

/**
 * Mean absolute error as ExtremeWeatherBench 1.1.0 computes it: with `intervalWhereOne` the threshold-weighted
 * error, weighted by `weights`; without it both `intervalWherePositive` and `weights` are ignored.
 *
 *     meanAbsoluteError("surface_air_temperature", { intervalWhereOne: [303, Infinity] })
 */
export const meanAbsoluteError: Make = (variable, options = {}) =>
  pointwise(ERRORS.meanAbsoluteError, variable, options, "absolute");

/** Mean squared error as ExtremeWeatherBench 1.1.0 computes it; see `meanAbsoluteError`. */
export const meanSquaredError: Make = (variable, options = {}) =>
  pointwise(ERRORS.meanSquaredError, variable, options, "squared");

type PeerSums = LatticeSample & PointwiseSums;

const pointwise = <V extends Variables>(
  error: PointwiseError,
  variable: keyof V & string,
  options: PeerOptions,
  weighted: "absolute" | "squared" | undefined,
): Metric<V, Series<PeerSums>> => {
  checkPeerOptions(error.name, variable, options);
  const dims = preservedDims(error.name, options, ["lead_time"]);
  const { intervalWhereOne: one, intervalWherePositive: positive, leadOrder } = options;
  const weighting =
    weighted === undefined || one === undefined ? undefined : thresholdWeighting(error.name, one, positive);
  const weights = typeof options.weights === "object" ? options.weights : undefined;
  const sums = (pair: Pair): PointwiseSums => {
    if (!pair.matched) return { n: 0, weight: [], sum: [] };
    if (weighting !== undefined) return weightedSums(pair, variable, weighting[weighted!], weights);
    return error.sums(pair, variable, "none");
  };
  return {
    name: error.name,
    term: error.term,
    definition: `as ExtremeWeatherBench 1.1.0: ${error.definition}, unweighted, a row for every lead`,
    variable,
    unit: error.unit,
    parameters: peerParameters(options),
    needs: { variables: [variable] },
    zero: () => [],
    observe: (pair) => latticeSample<PeerSums>(pair, sums(pair)),
    merge: (a, b) =>
      mergeSeries(a, b, (x, y) => ({
        ...x,
        n: x.n + y.n,
        weight: mergeExact(x.weight, y.weight),
        sum: mergeExact(x.sum, y.sum),
      })),
    finish: (state) => {
      const lattice = latticeOf(state, leadOrder);
      const rows: MetricRow[] = [];
      const byTime = dims.includes("valid_time");
      const byLead = dims.includes("lead_time");
      for (const lead of byLead ? lattice.leads : [null]) {
        for (const time of byTime ? lattice.times : [null]) {
          const cells = (lead === null ? lattice.leads : [lead]).flatMap((l) =>
            (time === null ? lattice.times : [time]).flatMap((t) => lattice.cell(l, t) ?? []),
          );
          let n = 0;
          const weight: number[] = [];
          const sum: number[] = [];
          for (const cell of cells) {
            n += cell.n;
            for (const x of cell.weight) addExact(weight, x);
            for (const x of cell.sum) addExact(sum, x);
          }
          const single = byLead && byTime ? cells[0] : undefined;
          rows.push({
            initTime: single === undefined ? null : single.validTime - single.leadHours * 3_600_000,
            leadHours: lead,
            validTime: time,
            value: n === 0 ? Number.NaN : error.value(exactValue(sum) / exactValue(weight)),
            n,
          });
        }
      }
      return state.length === 0 ? [] : rows;
    },
  };
};

const weightedSums = (
  pair: Pair,
  variable: string,
  score: (forecast: number, observation: number) => number,
  weights: MemoryArray | undefined,
): PointwiseSums => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const weigh = weights === undefined ? () => 1 : labelWeights(weights, pair);
  let n = 0;
  const weight: number[] = [];
  const sum: number[] = [];
  for (let i = 0; i < f.length; i++) {
    const w = weigh(i);
    if (Number.isNaN(f[i]!) || Number.isNaN(o[i]!) || w === undefined) continue;
    n += 1;
    addExact(weight, w);
    addExact(sum, w * score(f[i]!, o[i]!));
  }
  return { n, weight, sum };
};
