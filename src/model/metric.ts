import type { ClimatologyField, Pair } from "./pair.ts";
import type { Variables } from "./units.ts";

/** What one metric says for one key it keeps. Times in milliseconds UTC; null or absent where it has reduced. */
export interface MetricRow {
  readonly initTime?: number | null;
  readonly validTime?: number | null;
  readonly leadHours?: number | null;
  /** Text of a break-down, e.g. `threshold=0.5`; null: none. */
  readonly by?: string | null;
  readonly value: number;
  /** Valid forecast-target samples behind `value`: cells x times. */
  readonly n: number;
  /** Columns this metric adds to the table. */
  readonly extra?: Readonly<Record<string, number>>;
}

/**
 * A mergeable reducer: four pure functions.
 *
 * Laws (`ewb/testing` checks them): `merge` is associative and commutative with `zero()` as identity, to the bit
 * of `finish`; any cut of the sample gives the same rows; `finish(zero())` is empty; refs without a valid sample
 * give one row with `value` NaN and `n` 0. A state is plain data (numbers, strings, arrays, Maps). `observe` changes
 * nothing of the pair: values may be those of a chunk that other units share.
 */
export interface Metric<V extends Variables = Variables, State = any> {
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
  };
  zero(): State;
  observe(pair: Pair<V>): State;
  merge(a: State, b: State): State;
  finish(state: State): readonly MetricRow[];
}
