import { EwbError } from "../../../model/errors.ts";
import type { ClimatologyField, Pair } from "../../../model/pair.ts";
import {
  type Comparison,
  checkUnit,
  type ParsedCriterion,
  parseCriterion,
  type Threshold,
} from "../threshold.ts";
import { isOwnQuantile, type OwnQuantile } from "./ownQuantile.ts";

/** A number with a unit, a climatology's field, or a quantile of each side's own values. */
export type EventThreshold<Unit extends string> = Threshold<Unit> | OwnQuantile;

type OneOrMany<Element> = Element | readonly Element[];

/**
 * What an event is: a value of at least (`above`) or at most (`below`) a threshold, `strictly` without the threshold
 * itself. Several thresholds give a table each, in one pass. `target`: another threshold for the target, one for all or
 * one for each.
 */
export type Events<Unit extends string> = {
  readonly strictly?: boolean;
  readonly target?: OneOrMany<EventThreshold<Unit>>;
} & (
  | { readonly above: OneOrMany<EventThreshold<Unit>>; readonly below?: never }
  | { readonly below: OneOrMany<EventThreshold<Unit>>; readonly above?: never }
);

export const eventOptions = ["above", "below", "strictly", "target"] as const;

/** A threshold of one side, checked. */
export type SideThreshold = ParsedCriterion | OwnQuantile;

export interface ParsedEvents {
  readonly comparison: Comparison;
  /** As many as there are tables, on both sides. */
  readonly forecast: readonly SideThreshold[];
  readonly target: readonly SideThreshold[];
  /** Numbers as one text: what is computed once a pair is found by it, by every metric of every pair. */
  toJSON?(): string;
}

/** Events, checked, with what stands in `parameters`: of the metric, and of the rows of each of several thresholds. */
export interface NamedEvents {
  readonly events: ParsedEvents;
  readonly parameters: Readonly<Record<string, string>>;
  readonly rows: readonly (Readonly<Record<string, string>> | undefined)[];
  readonly climatologies: readonly ClimatologyField[];
}

/** Throws `Options` where thresholds are missing, given twice, of unlike number or no numbers with a unit. */
export const parseEvents = (metric: string, variable: string, options: Events<string>): NamedEvents => {
  const { above, below, strictly = false, target } = options;
  const listOf = (given: OneOrMany<unknown>): SideThreshold[] =>
    (Array.isArray(given) ? given : [given]).map((threshold: unknown) =>
      isOwnQuantile(threshold)
        ? threshold
        : parseCriterion(metric, variable, {
            [above === undefined ? "below" : "above"]: threshold,
            strictly,
          }),
    );
  if ((above === undefined) === (below === undefined)) parseCriterion(metric, variable, { above, below });
  const forecast = listOf(above ?? below);
  const other = target === undefined ? forecast : listOf(target);
  const sides = other.length === 1 ? forecast.map(() => other[0]!) : other;
  if (forecast.length === 0 || sides.length !== forecast.length) {
    throw new EwbError(
      "Options",
      `${metric}: there are ${forecast.length} thresholds and ${sides.length} of the target; expected at least one, and one of the target for all or one for each.`,
    );
  }
  const named = forecast.map(({ text }, k) => ({
    threshold: text,
    ...(sides[k]!.text === text ? {} : { targetThreshold: sides[k]!.text }),
  }));
  const texts = named.map((names) => JSON.stringify(names));
  const twice = texts.find((text, k) => texts.indexOf(text) < k);
  if (twice !== undefined) {
    throw new EwbError("Options", `${metric}: the threshold ${twice} is given twice; expected each once.`);
  }
  const all = [...forecast, ...sides];
  if (all.some(isOwnQuantile) && !all.every(isOwnQuantile)) {
    throw new EwbError(
      "Options",
      `${metric}: some thresholds are own quantiles, others are not; expected all or none. Make two metrics.`,
    );
  }
  const comparison: Comparison = above === undefined ? (strictly ? "<" : "<=") : strictly ? ">" : ">=";
  const isNumber = (one: SideThreshold): boolean => !isOwnQuantile(one) && one.number !== undefined;
  const text = [comparison, ...all.map((one) => one.text)].join("|");
  return {
    events: {
      comparison,
      forecast,
      target: sides,
      ...(all.every(isNumber) ? { toJSON: () => text } : {}),
    },
    parameters: { ...(named.length === 1 ? named[0] : {}), comparison },
    rows: named.map((names) => (named.length === 1 ? undefined : names)),
    climatologies: all.flatMap((one) => (isOwnQuantile(one) || !one.climatology ? [] : [one.climatology])),
  };
};

/** Throws `Unit` where a side is not in the unit of its thresholds. */
export const checkEventUnits = (
  metric: string,
  variable: string,
  { forecast, target }: Pair,
  events: ParsedEvents,
): void => {
  for (const one of events.forecast)
    if (!isOwnQuantile(one)) checkUnit(metric, variable, forecast[variable]!, one);
  for (const one of events.target)
    if (!isOwnQuantile(one)) checkUnit(metric, variable, target[variable]!, one);
};
