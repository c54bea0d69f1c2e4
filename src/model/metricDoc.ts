/** What is told of a metric on the command line and in the documentation, from one source. */
export interface MetricDoc {
  /** Factory name, e.g. `rootMeanSquaredError`. */
  readonly name: string;
  /** The field's standard term: what the column `metric` says. */
  readonly term: string;
  /** Short names people use, lower case: `rmse`. */
  readonly short?: readonly string[];
  /** One line; f forecast, o observation (target), w weight, a b c d hits, false alarms, misses, correct negatives. */
  readonly formula: string;
  /** Unit of the value: `[x]` the variable's, `[x]2` its square, `1`, `%`, `km`, `h`. */
  readonly unit: string;
  readonly range: readonly [lowest: number, highest: number];
  readonly better: "low" | "high" | "zero" | "one" | "none";
  /** Value of a perfect forecast; null: there is none. */
  readonly perfect: number | null;
  /** Paper or book with its DOI. */
  readonly reference: string;
}
