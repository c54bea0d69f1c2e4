import type { Border, WindowSize } from "../../../kernels/spatial/windows.ts";
import { EwbError } from "../../../model/errors.ts";
import { GROUPS } from "../groups/grouped.ts";
import { type Keep, keptTimes } from "../keep.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type Comparison, type ParsedCriterion, parseCriterion, type Threshold } from "../threshold.ts";

type OneOrMore<Value> = Value | readonly Value[];

/** What an event is: at or beyond thresholds, or beyond quantiles that each field has itself (0 to 1). */
export type FractionsEvent<Unit extends string> =
  | { above: OneOrMore<Threshold<Unit>>; below?: never; aboveQuantile?: never; belowQuantile?: never }
  | { below: OneOrMore<Threshold<Unit>>; above?: never; aboveQuantile?: never; belowQuantile?: never }
  | { aboveQuantile: OneOrMore<number>; above?: never; below?: never; belowQuantile?: never }
  | { belowQuantile: OneOrMore<number>; above?: never; below?: never; aboveQuantile?: never };

export type FractionsSkillScoreOptions<Unit extends string> = FractionsEvent<Unit> & {
  /** Leaves out the threshold itself. */
  readonly strictly?: boolean;
  /** Cells a side, or rows and columns; one or several. */
  readonly window: OneOrMore<number | WindowSize>;
  /** What lies beyond the border; inside (whole windows only) unless said, wrapped on a grid round the globe. */
  readonly border?: Border;
  /** A window with a missing cell is left out (unless said), or the cell is no event. */
  readonly missing?: "leaveOut" | "nonEvent";
  /** Of an ensemble the share of members with the event (unless said), the mean score of members, or the mean field. */
  readonly ensemble?: "probability" | "members" | "mean";
  /** Sums of all fields of a key, then one ratio (unless said), or the mean of the scores of fields. */
  readonly pool?: "sums" | "fields";
  /** A score without any event on both sides: missing (unless said), or zero. */
  readonly withoutEvents?: "missing" | "zero";
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
};

/** An event of one threshold. */
export interface FractionsThreshold {
  readonly text: string;
  readonly comparison: Comparison;
  readonly criterion: ParsedCriterion | undefined;
  readonly quantile: number | undefined;
}

export interface FractionsRules {
  readonly name: string;
  readonly variable: string;
  readonly thresholds: readonly FractionsThreshold[];
  readonly windows: readonly WindowSize[];
  readonly border: Border | undefined;
  readonly missing: "leaveOut" | "nonEvent";
  readonly ensemble: "probability" | "members" | "mean";
  readonly pool: "sums" | "fields";
  readonly withoutEvents: "missing" | "zero";
  readonly keep: Keep;
}

export const USUAL: Keep = ["lead_time"];

/** The options, checked. Throws `Options`. */
export const fractionsRules = (
  name: string,
  variable: string,
  options: FractionsSkillScoreOptions<string>,
): FractionsRules => {
  onlyOptions(name, options, KNOWN);
  return {
    name,
    variable,
    thresholds: thresholdsOf(name, variable, options),
    windows: windowsOf(name, options.window),
    border: options.border === undefined ? undefined : oneOf(name, "border", options.border, BORDERS),
    missing: oneOf(name, "missing", options.missing ?? "leaveOut", ["leaveOut", "nonEvent"]),
    ensemble: oneOf(name, "ensemble", options.ensemble ?? "probability", ["probability", "members", "mean"]),
    pool: oneOf(name, "pool", options.pool ?? "sums", ["sums", "fields"]),
    withoutEvents: oneOf(name, "withoutEvents", options.withoutEvents ?? "missing", ["missing", "zero"]),
    keep: keptTimes(name, options.keep ?? USUAL),
  };
};

const BORDERS: readonly Border[] = ["inside", "wrapLongitude", "zeroPadded", "zeroPaddedScores"];
const EVENTS = ["above", "below", "aboveQuantile", "belowQuantile"] as const;
const KNOWN = [
  ...EVENTS,
  "strictly",
  "window",
  "border",
  "missing",
  "ensemble",
  "pool",
  "withoutEvents",
  "keep",
  ...GROUPS,
];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const thresholdsOf = (
  name: string,
  variable: string,
  options: FractionsSkillScoreOptions<string>,
): FractionsThreshold[] => {
  const given = EVENTS.filter((event) => options[event] !== undefined);
  const [event] = given;
  const thresholds = event === undefined ? [] : listOf(options[event]);
  if (event === undefined || given.length > 1 || thresholds.length === 0) {
    throw new EwbError(
      "Options",
      `${name}: found ${given.join(" and ") || "no threshold"}; expected one of ${EVENTS.join(", ")}, like { above: ["1 mm", "10 mm"] }.`,
    );
  }
  const { strictly = false } = options;
  if (event === "above" || event === "below") {
    return thresholds.map((threshold) => {
      const criterion = parseCriterion(name, variable, { [event]: threshold, strictly });
      return { text: criterion.text, comparison: criterion.comparison, criterion, quantile: undefined };
    });
  }
  const comparison = event === "aboveQuantile" ? (strictly ? ">" : ">=") : strictly ? "<" : "<=";
  return thresholds.map((quantile) => {
    if (typeof quantile === "number" && quantile >= 0 && quantile <= 1) {
      return { text: `quantile ${quantile}`, comparison, criterion: undefined, quantile };
    }
    throw new EwbError(
      "Options",
      `${name}: ${event} is ${JSON.stringify(quantile)}; expected a number from 0 to 1 like 0.95.`,
    );
  });
};

const windowsOf = (name: string, window: unknown): WindowSize[] => {
  const windows = listOf(window);
  return windows.map((size) => {
    const { rows, columns } = (
      typeof size === "number" ? { rows: size, columns: size } : (size ?? {})
    ) as Partial<WindowSize>;
    if (Number.isInteger(rows) && Number.isInteger(columns) && rows! > 0 && columns! > 0) {
      return { rows: rows!, columns: columns! };
    }
    throw new EwbError(
      "Options",
      `${name}: a window is ${JSON.stringify(size)}; expected cells a side like 5, or { rows: 3, columns: 5 }.`,
    );
  });
};
