import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import { flipFlop } from "../../../kernels/scores/flipFlop.ts";
import type { AcrossRuns, BreakdownKind, Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import { listOf, type ParsedQuantity, quantityOf, sameUnit } from "../quantity.ts";
import { mergeSeries, oneSample, type Series } from "../runs/series.ts";
import { checkRules, errorRules } from "./errorRules.ts";
import { type LeafValues, leavesOf } from "./leafValues.ts";

export interface FlipFlopOptions<Unit extends string> {
  /** `each`: a row a place and valid time; else the mean over places (unless said). */
  readonly space?: "mean" | "each";
  /** `each`: valid times are told apart (unless said), `mean`: their mean too. */
  readonly times?: "each" | "mean";
  /** Shares of places whose index is at least so high, a row each, in place of the mean. */
  readonly thresholds?: readonly Quantity<Unit>[];
  /** The length of the circle, for directions: `"360 degree"`. */
  readonly circular?: Quantity<Unit>;
  /** Weight of a place in the mean: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
}

/**
 * Flip-flop index of the successive forecasts of one valid time, place by place: (sum |x_i - x_i+1| - (max - min)) / (K -
 * 2) over the K runs by init time; then the mean over places. It says nothing of the target. In the unit of the
 * variable; 0 is best (runs change in one direction only). A place that any of the runs lacks, and a valid time of fewer
 * than three runs, have none. `n` = places x valid times that have one. All forecasts of a valid time are kept until
 * the end (8 bytes a place and run).
 *
 *     flipFlopIndex("surface_air_temperature", { thresholds: ["2 K", "5 K"] })
 *
 * Throws `Options`, and `Unit` where an option is not in the unit of the data. Griffiths, Foley, Ioannou and Leeuwenburg
 * 2019, doi:10.1002/met.1732.
 */
export const flipFlopIndex = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: FlipFlopOptions<V[N]> & GroupOptions<V, FlipFlopKind> = {},
): Metric<V, any, FlipFlopKind> & AcrossRuns => {
  const name = "flipFlopIndex";
  onlyOptions(name, options, ["space", "times", "thresholds", "circular", "weights", ...GROUPS]);
  const space = oneOf(name, "space", options.space ?? "mean", ["mean", "each"]);
  const times = oneOf(name, "times", options.times ?? "each", ["each", "mean"]);
  const weights = weightsOf(name, options.weights ?? "area");
  const rules = errorRules(name, variable, { ...(options.circular && { circular: options.circular }) });
  const thresholds = options.thresholds
    ? listOf(name, "thresholds", options.thresholds).map((text) => quantityOf(name, "thresholds", text))
    : undefined;
  const period = rules?.period?.value;
  const metric: Metric<V, Series<LeafValues>> = {
    name,
    term: thresholds ? "flip-flop index exceedance" : "flip-flop index",
    definition:
      "(sum |x_i - x_i+1| - (max - min)) / (K - 2) over the K runs for one valid time, mean over places" +
      (thresholds ? "; share of places where it is at least the threshold" : ""),
    variable,
    unit: (unit) => (thresholds ? "1" : unit),
    parameters: { weights, space, times, ...rules?.parameters },
    needs: { variables: [variable] },
    breakdowns: KINDS,
    zero: () => [],
    observe: (pair: Pair) => {
      if (!pair.matched) return [];
      const forecast = pair.forecast[variable]!;
      checkRules(name, pair, variable, rules);
      for (const one of thresholds ?? []) sameUnit(name, variable, forecast, "threshold", one);
      return oneSample(
        pair.validTime,
        pair.initTime,
        leavesOf(pair.places, forecast.values, weights, space === "each"),
      );
    },
    merge: (a, b) => mergeSeries(a, b, (x, y) => new Map([...x, ...y])),
    finish: (state) => {
      // A run of the series is a valid time here, and its leads are the inits.
      const byTime = state.map(({ initTime: validTime, samples }) => ({
        validTime,
        places: indices(samples, period),
      }));
      const groups: readonly Group[] =
        times === "each"
          ? byTime
          : byTime.length === 0
            ? []
            : [{ validTime: null, places: byTime.flatMap(({ places }) => places) }];
      return groups.flatMap(({ validTime, places }) =>
        (space === "each" ? byPlace(places) : [{ by: null, places }]).flatMap(({ by, places }) =>
          (thresholds ?? [undefined]).map((threshold) => ({
            initTime: null,
            leadHours: null,
            validTime,
            ...(by === null ? {} : { by }),
            ...meanIndex(places, threshold),
          })),
        ),
      );
    },
  };
  return { ...grouped<V, FlipFlopKind>(metric, options), acrossRuns: true };
};

/** Each run, and each lead of a valid time, has one forecast: nothing to compare. */
type FlipFlopKind = Exclude<BreakdownKind, "init_time" | "lead_time">;

const KINDS: readonly FlipFlopKind[] = ["valid_time", "hour", "month", "season", "leadBin", ...ofPlaces];

interface Group {
  readonly validTime: number | null;
  readonly places: readonly PlaceIndex[];
}

/** The index of one place; NaN where it has none. */
interface PlaceIndex {
  readonly by: string;
  readonly weight: number;
  readonly index: number;
}

/** The index of every place over the runs by init, from south-west leaf to the last by name. */
const indices = (runs: readonly LeafValues[], period: number | undefined): PlaceIndex[] => {
  const names = [...new Set(runs.flatMap((leaves) => [...leaves.keys()]))].sort();
  return names.flatMap((name) => {
    const ofRuns = runs.map((leaves) => leaves.get(name));
    const { values, weight, columns, names } = ofRuns.find((leaf) => leaf !== undefined)!;
    return Array.from(values, (_, i) => ({
      by: names?.[i] ?? "",
      weight: weight * (columns?.[i] ?? 1),
      index: flipFlop(
        ofRuns.map((leaf) => leaf?.values[i] ?? Number.NaN),
        period,
      ),
    }));
  });
};

const byPlace = (places: readonly PlaceIndex[]): { by: string; places: PlaceIndex[] }[] => {
  const groups = new Map<string, PlaceIndex[]>();
  for (const place of places) groups.set(place.by, [...(groups.get(place.by) ?? []), place]);
  return Array.from(groups, ([by, ofPlace]) => ({ by, places: ofPlace }));
};

const meanIndex = (places: readonly PlaceIndex[], threshold: ParsedQuantity | undefined): MetricRow => {
  const sum: number[] = [];
  const total: number[] = [];
  let n = 0;
  for (const { weight, index } of places) {
    if (Number.isNaN(index)) continue;
    n += 1;
    addExact(total, weight);
    if (threshold === undefined) addExact(sum, weight * index);
    else if (index >= threshold.value) addExact(sum, weight);
  }
  return {
    ...(threshold && { parameters: { threshold: threshold.text } }),
    value: n === 0 ? Number.NaN : exactValue(sum) / exactValue(total),
    n,
  };
};
