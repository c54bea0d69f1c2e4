import type { ClimatologyField, Pair, ReferenceForecast } from "./pair.ts";
import type { Variables } from "./units.ts";

/** What one metric says for one key it keeps. Times in milliseconds UTC; null or absent where it has reduced. */
export interface MetricRow {
  readonly initTime?: number | null;
  readonly validTime?: number | null;
  readonly leadHours?: number | null;
  /** Text of a break-down, e.g. `month=3;land=sea`; null: none. */
  readonly by?: string | null;
  /** The standard term where the metric gives several numbers, e.g. `false alarms`; else the metric's own. */
  readonly term?: string;
  /** Unit of `value` where it is not the metric's. */
  readonly unit?: string;
  /** Options of this row beside the metric's, e.g. `{ threshold: "2 mm" }` of several. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Valid forecast-target samples behind `value`: cells x times. */
  readonly n: number;
  /** An interval that holds the true value with this confidence (0 to 1). */
  readonly lower?: number;
  readonly upper?: number;
  readonly confidence?: number;
  /** Share of the resamples in which the forecast is better than the reference. */
  readonly shareBetter?: number;
  /** What a skill or a difference is measured against. */
  readonly reference?: string;
  /** Columns this metric adds to the table. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** What a metric can be broken down by. */
export type BreakdownKind =
  | "init_time"
  | "lead_time"
  | "valid_time"
  | "hour"
  | "month"
  | "season"
  | "leadBin"
  | "latitudeBand"
  | "region"
  | "landSea"
  | "altitude"
  | "station";

/** Break-downs by place: all that a metric of whole runs can be broken down by, since a group of times would cut runs. */
export type PlaceKind = Extract<
  BreakdownKind,
  "latitudeBand" | "region" | "landSea" | "altitude" | "station"
>;

/** Break-downs by time: all that a metric of whole fields can be broken down by, since a group of places would cut fields. */
export type TimeKind = Exclude<BreakdownKind, PlaceKind>;

/**
 * Sums of one key of a metric that are all its rows need, rounded once. What it says beside numbers tells it from other
 * totals and is handed back to `rows` as it is.
 */
export interface MetricTotal
  extends Pick<MetricRow, "initTime" | "leadHours" | "validTime" | "by" | "term" | "unit" | "parameters"> {
  readonly n: number;
  readonly weight: number;
  readonly sums: readonly number[];
  /** The group of a break-down, and the total of the metric that is broken down, without its numbers. */
  readonly group?: {
    readonly times: Pick<MetricRow, "initTime" | "leadHours" | "validTime">;
    readonly text: string;
    readonly total: Omit<MetricTotal, "n" | "weight" | "sums">;
  };
}

/** A metric whose values are made of several runs together, so that no run can be drawn again: it has no interval. */
export interface AcrossRuns {
  readonly acrossRuns: true;
}

/** A metric whose runs can be drawn again. */
export type OfRuns<V extends Variables, B extends BreakdownKind> = Metric<V, any, B> & {
  readonly [None in keyof AcrossRuns]?: never;
};

/**
 * A mergeable reducer: four pure functions.
 *
 * Laws (`ewb/testing` checks them): `merge` is associative and commutative with `zero()` as identity, to the bit
 * of `finish`; any cut of the sample gives the same rows; `finish(zero())` is empty; refs without a valid sample
 * give one row with `value` NaN and `n` 0. A state is plain data (numbers, strings, arrays, Maps). `observe` changes
 * nothing of the pair: values may be those of a chunk that other units share.
 */
export interface Metric<
  V extends Variables = Variables,
  State = any,
  B extends BreakdownKind = BreakdownKind,
> {
  /** Factory name, e.g. `rootMeanSquaredError`. */
  readonly name: string;
  /** The field's standard term: what the column `metric` says. */
  readonly term: string;
  /** One sentence with the formula, for the metadata of the result file. */
  readonly definition: string;
  readonly variable: keyof V & string;
  /** Unit of `value` for a variable of this unit. */
  unit(variableUnit: string): string;
  /** Options that change the number, in canonical text. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly needs: {
    readonly variables: readonly (keyof V & string)[];
    readonly climatologies?: readonly ClimatologyField[];
    /** Other forecasts beside the one that is scored (`Pair.reference`). */
    readonly references?: readonly ReferenceForecast[];
    /** The forecast's members one by one (`Field.members`), not only their mean. */
    readonly members?: boolean;
    /**
     * Members that a place must have to count: 1 unless said; `all`: every member that is there at all. A metric that is
     * compared with a reference leaves out the other places on both sides.
     */
    readonly leastMembers?: number | "all";
    /** All places of a pair at once: a unit is never cut for it (neighbourhoods, objects, whole vectors). */
    readonly whole?: boolean;
  };
  /** Each row is made of the refs whose times it names, and of no others. */
  readonly apart?: boolean;
  /** What it may be broken down by; absent: everything, or times only where it needs the whole. */
  readonly breakdowns?: readonly B[];
  /**
   * Where rows follow from sums that add up: the sums of a state, and the rows of sums. Resampling then adds numbers
   * and merges no states. `rows(totals(s))` of all totals are `finish(s)`, in any order. A metric that makes one value of
   * each run and then their mean needs it: states know no run that is drawn twice.
   */
  readonly additive?: {
    totals(state: State): readonly MetricTotal[];
    rows(total: MetricTotal): readonly MetricRow[];
  };
  zero(): State;
  observe(pair: Pair<V>): State;
  merge(a: State, b: State): State;
  finish(state: State): readonly MetricRow[];
}
