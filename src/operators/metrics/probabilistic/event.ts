import { memberRanks } from "../../../kernels/ensembles/memberRanks.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { ClimatologyField, Pair } from "../../../model/pair.ts";
import { once } from "../once.ts";
import {
  checkUnit,
  inPrecisionOf,
  meets,
  type ParsedCriterion,
  parseCriterion,
  type Threshold,
  thresholdValues,
} from "../threshold.ts";
import { membersOf } from "./ensemble.ts";

/**
 * An event and the forecast's probability of it. With a threshold (or several) the event is that the target meets it,
 * and its probability the share of the members that do. With `probability` that forecast variable (unit 1) is the
 * probability instead; without a threshold, too, the target is 1 where the event happened and 0 where not.
 *
 *     { above: "1 mm" }                                     members and target at least 1 mm
 *     { above: ["1 mm", "10 mm"], strictly: true }          more than 1 mm, more than 10 mm
 *     { above: "1 mm", probability: "rain_probability" }    a variable against target rain of at least 1 mm
 *     { probability: "storm" }                              a variable against a target that is 0 or 1
 */
export interface EventOptions<Unit extends string, Name extends string> {
  readonly above?: Threshold<Unit> | readonly Threshold<Unit>[];
  readonly below?: Threshold<Unit> | readonly Threshold<Unit>[];
  /** Whether a value on the threshold is no event. */
  readonly strictly?: boolean;
  /** The forecast variable that is the probability of the event. */
  readonly probability?: Name;
}

/** Names of the options. */
export const EVENT: readonly string[] = ["above", "below", "strictly", "probability"];

/** One event, checked. */
export interface ForecastEvent {
  readonly metric: string;
  readonly variable: string;
  readonly criterion: ParsedCriterion | undefined;
  readonly probability: string | undefined;
}

export interface Events {
  readonly events: readonly ForecastEvent[];
  /** Whether probabilities are shares of members. */
  readonly isEnsemble: boolean;
  readonly needs: {
    readonly variables: string[];
    readonly climatologies?: readonly ClimatologyField[];
    readonly members?: boolean;
  };
  readonly parameters: Readonly<Record<string, string>>;
  /** What tells the rows of event k from those of others. */
  rowParameters(k: number): { readonly parameters?: Readonly<Record<string, string>> };
}

/** Throws `Options` where there is neither a threshold nor a probability, or no threshold that is one. */
export const parseEvents = (
  metric: string,
  variable: string,
  { above, below, strictly, probability }: EventOptions<string, string>,
): Events => {
  const criteria =
    above === undefined && below === undefined && probability !== undefined
      ? []
      : listed(above ?? below).map((threshold) =>
          parseCriterion(metric, variable, {
            ...(above === undefined ? { below: threshold } : { above: threshold, below }),
            ...(strictly === undefined ? {} : { strictly }),
          }),
        );
  const twice = criteria.find(({ text }, k) => criteria.findIndex((other) => other.text === text) < k);
  if (twice !== undefined) {
    throw new EwbError(
      "Options",
      `${metric}: the threshold ${twice.text} is given twice; expected each once.`,
    );
  }
  const climatologies = criteria.flatMap(({ climatology }) => climatology ?? []);
  const isSeveral = criteria.length > 1;
  const events = criteria.length === 0 ? [undefined] : criteria;
  return {
    events: events.map((criterion) => ({ metric, variable, criterion, probability })),
    isEnsemble: probability === undefined,
    needs: {
      variables: probability === undefined || probability === variable ? [variable] : [variable, probability],
      ...(climatologies.length === 0 ? {} : { climatologies }),
      ...(probability === undefined ? { members: true } : {}),
    },
    parameters: {
      ...(criteria.length === 0
        ? {}
        : { threshold: criteria.map(({ text }) => text).join(","), comparison: criteria[0]!.comparison }),
      ...(probability === undefined ? {} : { probability }),
    },
    rowParameters: (k) => (isSeveral ? { parameters: { threshold: criteria[k]!.text } } : {}),
  };
};

/** One threshold or several; none where there is none, which is refused by `parseCriterion`. */
const listed = (thresholds: unknown): readonly unknown[] =>
  Array.isArray(thresholds) && thresholds.length > 0 ? thresholds : [thresholds];

/** Probability of an event and whether it happened (1 or 0), place by place; both NaN where it is no pair. */
export interface EventForecast {
  readonly probability: Float64Array;
  readonly event: Float64Array;
  /** Members behind the probability; undefined: it is none of an ensemble. */
  readonly members: Float64Array | undefined;
  /** Whether probabilities are float32 numbers: edges are compared in that precision. */
  readonly isSingle: boolean;
}

/** The forecast of an event, once a pair for all metrics. Throws `Unit` and `InvalidValue`. */
export const eventForecast = (
  pair: Pair,
  { metric, variable, criterion, probability }: ForecastEvent,
): EventForecast => {
  if (criterion !== undefined) {
    checkUnit(metric, variable, pair.target[variable]!, criterion);
    if (probability === undefined) checkUnit(metric, variable, pair.forecast[variable]!, criterion);
  }
  return probability === undefined
    ? once(memberShares, pair, variable, criterion!)
    : once(givenProbability, pair, variable, criterion, probability);
};

const memberShares = (pair: Pair, variable: string, criterion: ParsedCriterion): EventForecast => {
  const event = events(pair, variable, criterion);
  const members = membersOf(pair.forecast[variable]!);
  const threshold = thresholdValues(pair, criterion) ?? inPrecisionOf(members[0]!, criterion.number!.value);
  const { present, below, equal } = memberRanks(members, threshold);
  const { comparison } = criterion;
  const isAbove = comparison === ">=" || comparison === ">";
  const isLower = comparison === ">=" || comparison === "<"; // a member on the threshold counts as above it
  const probability = new Float64Array(event.length);
  for (let i = 0; i < event.length; i++) {
    const lower = isLower ? below[i]! : below[i]! + equal[i]!;
    if (present[i] === 0 || Number.isNaN(event[i]!)) probability[i] = event[i] = Number.NaN;
    else probability[i] = (isAbove ? present[i]! - lower : lower) / present[i]!;
  }
  return { probability, event, members: present, isSingle: false };
};

/** Rounding of an interpolation may leave this much beyond 0 and 1. */
const SLACK = 1e-6;

const givenProbability = (
  pair: Pair,
  variable: string,
  criterion: ParsedCriterion | undefined,
  name: string,
): EventForecast => {
  const { unit, values } = pair.forecast[name]!;
  if (unit !== "1") {
    throw new EwbError(
      "Unit",
      `the probability ${name} is in ${unit}; expected 1, from 0 to 1. Give its unit in the source.`,
      { variable: name },
    );
  }
  const event = events(pair, variable, criterion);
  const probability = new Float64Array(event.length);
  for (let i = 0; i < event.length; i++) {
    const value = values[i]!;
    if (value < -SLACK || value > 1 + SLACK) throw outside(`the probability ${name}`, value, "0 to 1", name);
    if (Number.isNaN(value) || Number.isNaN(event[i]!)) probability[i] = event[i] = Number.NaN;
    else probability[i] = value < 0 ? 0 : value > 1 ? 1 : value + 0;
  }
  return { probability, event, members: undefined, isSingle: values instanceof Float32Array };
};

/** Whether the event happened: 1, 0, or NaN. */
const events = (pair: Pair, variable: string, criterion: ParsedCriterion | undefined): Float64Array => {
  const { values } = pair.target[variable]!;
  return criterion === undefined ? marks(values, variable) : exceedances(pair, values, criterion);
};

const marks = (values: Values, variable: string): Float64Array => {
  const event = Float64Array.from(values);
  for (let i = 0; i < event.length; i++) {
    const value = event[i]!;
    if (value !== 0 && value !== 1 && !Number.isNaN(value)) {
      throw outside(`the target ${variable} of a probability`, value, "0 or 1, or a threshold", variable);
    }
    event[i]! += 0;
  }
  return event;
};

const exceedances = (pair: Pair, values: Values, criterion: ParsedCriterion): Float64Array => {
  const thresholds = thresholdValues(pair, criterion);
  const number = inPrecisionOf(values, criterion.number?.value ?? 0);
  const event = new Float64Array(values.length);
  for (let i = 0; i < event.length; i++) {
    const threshold = thresholds === undefined ? number : thresholds[i]!;
    if (Number.isNaN(values[i]!) || Number.isNaN(threshold)) event[i] = Number.NaN;
    else event[i] = meets(values[i]!, criterion.comparison, threshold) ? 1 : 0;
  }
  return event;
};

const outside = (what: string, value: number, expected: string, variable: string): EwbError =>
  new EwbError("InvalidValue", `${what} is ${value} at a place; expected ${expected}.`, { variable });
