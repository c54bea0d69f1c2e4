import type { Metric, PlaceKind } from "../../../model/metric.ts";
import type { Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import { type Criterion, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { signalBySpace } from "./signalBySpace.ts";
import { signalByTime } from "./signalByTime.ts";
import { AGGREGATIONS, type Aggregation } from "./verdict.ts";

export type EarlySignalOptions<Unit extends string, V extends Variables = Variables> = Criterion<Unit> & {
  /** How many places make a signal at one time; `any` unless said. */
  readonly space?: Aggregation;
  /** How many times make a signal; `any` unless said. */
  readonly time?: Aggregation;
  /** What is taken together first: the places of a time (unless said), or the times of a place. */
  readonly first?: "space" | "time";
  /** Only these places, as of every metric, or, where it is a criterion alone, those where the target meets it. */
  readonly where?: Criterion<Unit> | GroupOptions<V>["where"];
  /** Groups of places that rows are made for. */
  readonly by?: GroupOptions<V, PlaceKind>["by"];
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place where half of space is asked for: exact cell area (unless said), cosine, density, or none. */
  readonly weights?: Weights;
};

/** What both orders of aggregation need. */
export interface SignalRules {
  readonly name: string;
  readonly variable: string;
  readonly criterion: ParsedCriterion;
  readonly space: Aggregation;
  readonly time: Aggregation;
  readonly keep: Keep;
  readonly weights: Weights;
}

/**
 * Early signal: does the forecast meet the criterion, 1 or 0, in any, all or half of space and time? It says
 * nothing of the target, unless `where` asks for places where the target meets a criterion too. Missing values
 * take no part; without any there is no statement (NaN, n 0). `n` = places x times of the forecast used.
 *
 *     earlySignal("cbss", { above: "15000 m3 s-3", space: "any", time: "half", where: { above: "20000 m3 s-3" } })
 *
 * Throws `Options` for a criterion or word that is none, `Unit` where a threshold's unit is not the data's.
 * ExtremeWeatherBench 1.1, EarlySignal (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const earlySignal = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: EarlySignalOptions<V[N], V>,
): Metric<V, any, PlaceKind> => {
  const name = "earlySignal";
  onlyOptions(name, options, OPTIONS);
  const first = oneOf(name, "first", options.first ?? "space", ["space", "time"]);
  const rules: SignalRules = {
    name,
    variable,
    criterion: parseCriterion(name, variable, options),
    space: oneOf(name, "space", options.space ?? "any", AGGREGATIONS),
    time: oneOf(name, "time", options.time ?? "any", AGGREGATIONS),
    keep: keptTimes(name, options.keep ?? USUAL),
    weights: weightsOf(name, options.weights ?? "area"),
  };
  const { criterion } = rules;
  const metric: Metric<V> = {
    name,
    term: "early signal",
    definition:
      "1 where the forecast meets the threshold in any, all or half (share >= 0.5) of the present places and then of the times (first=time: of the times of each place and then of the places), else 0",
    variable,
    unit: () => "1",
    breakdowns: ofPlaces,
    parameters: {
      threshold: criterion.text,
      comparison: criterion.comparison,
      space: rules.space,
      time: rules.time,
      ...(first === "time" ? { first } : {}),
      ...(rules.space === "half" ? { weights: rules.weights } : {}),
      ...keepParameter(rules.keep, USUAL),
    },
    needs: {
      variables: [variable],
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    ...(first === "space" ? signalBySpace(rules) : signalByTime(rules)),
  };
  return grouped(metric, { by: options.by, where: whereOf(variable, options.where) });
};

/** A criterion alone is one of the target. */
const whereOf = (variable: string, where: EarlySignalOptions<string>["where"]): GroupOptions["where"] =>
  where === undefined || !isCriterion(where) ? where : { variable, side: "target", ...where };

const isCriterion = (where: NonNullable<EarlySignalOptions<string>["where"]>): where is Criterion<string> =>
  Object.keys(where).every((key) => CRITERION.includes(key));

const USUAL: Keep = ["lead_time"];
const CRITERION = ["above", "below", "strictly"];
const OPTIONS = [...CRITERION, "space", "time", "first", "keep", "weights", ...GROUPS];
