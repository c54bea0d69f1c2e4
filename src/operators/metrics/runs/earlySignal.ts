import type { Metric, PlaceKind } from "../../../model/metric.ts";
import type { Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type Criterion, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { signalBySpace } from "./signalBySpace.ts";
import { signalByTime } from "./signalByTime.ts";
import { AGGREGATIONS, type Aggregation } from "./verdict.ts";

export type EarlySignalOptions<Unit extends string> = Criterion<Unit> & {
  /** How many places make a signal at one time; `any` unless said. */
  readonly space?: Aggregation;
  /** How many times make a signal; `any` unless said. */
  readonly time?: Aggregation;
  /** What is taken together first: the places of a time (unless said), or the times of a place. */
  readonly first?: "space" | "time";
  /** Only places where the target meets this. */
  readonly where?: Criterion<Unit>;
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place where half of space is asked for: exact cell area (unless said), cosine, or none. */
  readonly weights?: Weights;
};

/** What both orders of aggregation need. */
export interface SignalRules {
  readonly name: string;
  readonly variable: string;
  readonly criterion: ParsedCriterion;
  readonly where: ParsedCriterion | undefined;
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
  options: EarlySignalOptions<V[N]>,
): Metric<V, any, PlaceKind> => {
  const name = "earlySignal";
  onlyOptions(name, options, OPTIONS);
  const first = oneOf(name, "first", options.first ?? "space", ["space", "time"]);
  const rules: SignalRules = {
    name,
    variable,
    criterion: parseCriterion(name, variable, options),
    where: options.where === undefined ? undefined : parseCriterion(name, variable, options.where),
    space: oneOf(name, "space", options.space ?? "any", AGGREGATIONS),
    time: oneOf(name, "time", options.time ?? "any", AGGREGATIONS),
    keep: keptTimes(name, options.keep ?? USUAL),
    weights: oneOf(name, "weights", options.weights ?? "area", ["area", "cosine", "none"]),
  };
  const { criterion, where } = rules;
  const climatologies = [criterion.climatology, where?.climatology].filter((field) => field !== undefined);
  return {
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
      ...(where === undefined ? {} : { where: `${where.comparison} ${where.text}` }),
      ...(rules.space === "half" ? { weights: rules.weights } : {}),
      ...keepParameter(rules.keep, USUAL),
    },
    needs: { variables: [variable], ...(climatologies.length === 0 ? {} : { climatologies }) },
    ...(first === "space" ? signalBySpace(rules) : signalByTime(rules)),
  };
};

const USUAL: Keep = ["lead_time"];
const OPTIONS = ["above", "below", "strictly", "space", "time", "first", "where", "keep", "weights"];
