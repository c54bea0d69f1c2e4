import { EwbError } from "../../model/errors.ts";
import type { BreakdownKind, Metric } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";

/** What a metric of your own says of itself; what is left out is as usual. */
export type MetricDefinition<V extends Variables, State, B extends BreakdownKind = BreakdownKind> = Omit<
  Metric<V, State, B>,
  "unit" | "parameters" | "needs"
> & {
  /** Unit of `value` for a variable of this unit; the same unless said. */
  readonly unit?: (variableUnit: string) => string;
  /** Options that change the number, in canonical text; none unless said. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What it reads; its variable alone unless said. */
  readonly needs?: Metric<V, State, B>["needs"];
};

/**
 * A metric of your own, typed and checked: four pure functions (`zero`, `observe`, `merge`, `finish`) over a state that
 * is plain data, and what the result table says of it. The compiler takes the state from `zero`, the variables from
 * where the metric is used or from `Metric<V>` as the type of the factory. `metricLaws` of `ewb/testing` tells whether
 * the four functions are right.
 *
 *     defineMetric({ name: "wettestPlace", term: "wettest place", definition: "largest forecast value", variable, zero, … })
 *
 * Throws `Options` for a name that is no camelCase word, an empty term or definition, a part that is no function,
 * `needs` without the variable, and parameters that are not text.
 */
export const defineMetric = <V extends Variables, State, B extends BreakdownKind = BreakdownKind>(
  metric: MetricDefinition<V, State, B>,
): Metric<V, State, B> => {
  const { name, variable } = metric;
  const refuse = (what: string): EwbError =>
    new EwbError("Options", `defineMetric: ${what}`, { variable: `${variable}` });
  if (typeof name !== "string" || !/^[a-z][A-Za-z0-9]*$/.test(name)) {
    throw refuse(`name is ${JSON.stringify(name)}; expected one word in camelCase, like "fractionWithin".`);
  }
  for (const text of ["term", "definition", "variable"] as const) {
    if (typeof metric[text] === "string" && metric[text].trim() !== "") continue;
    throw refuse(`${name}: ${text} is ${JSON.stringify(metric[text])}; expected ${EXPECTED[text]}.`);
  }
  for (const part of ["zero", "observe", "merge", "finish"] as const) {
    if (typeof metric[part] === "function") continue;
    throw refuse(`${name}: ${part} is ${typeof metric[part]}; expected a function, ${EXPECTED[part]}.`);
  }
  const { unit = (same: string) => same, parameters = {}, needs = { variables: [variable] } } = metric;
  if (!needs.variables.includes(variable)) {
    throw refuse(
      `${name}: needs.variables is [${needs.variables.join(", ")}]; expected its variable ${variable} among them.`,
    );
  }
  for (const [option, value] of Object.entries<unknown>(parameters)) {
    if (typeof value === "string") continue;
    throw refuse(
      `${name}: parameters.${option} is ${JSON.stringify(value)}; expected text, like { ${option}: "${value}" }.`,
    );
  }
  return { ...metric, unit, parameters, needs };
};

const EXPECTED = {
  term: 'words for the column "metric"',
  definition: "a sentence with the formula",
  variable: "the name of a variable",
  zero: "() => State",
  observe: "(pair) => State",
  merge: "(a, b) => State",
  finish: "(state) => rows",
} as const;
