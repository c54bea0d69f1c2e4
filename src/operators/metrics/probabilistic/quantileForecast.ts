import { EwbError } from "../../../model/errors.ts";

/** Forecast variables that are quantiles, by level: `{ 0.1: "t_q10", 0.5: "t_q50", 0.9: "t_q90" }`. */
export type QuantileVariables<Name extends string> = { readonly [level in `${number}` | number]?: Name };

/** The same by ascending level. */
export interface QuantileForecast {
  readonly levels: readonly number[];
  readonly names: readonly string[];
  /** Canonical text. */
  readonly text: string;
}

/** Throws `Options` where there is none, or a level that does not lie between 0 and 1. */
export const parseQuantiles = (
  metric: string,
  quantiles: Readonly<Record<string, string | undefined>>,
): QuantileForecast => {
  const points = Object.entries(quantiles ?? {})
    .map(([text, name]) => ({ level: Number(text), name: name! }))
    .sort((a, b) => a.level - b.level);
  if (points.length === 0 || !points.every(({ level }) => level > 0 && level < 1)) {
    throw new EwbError(
      "Options",
      `${metric}: quantiles is ${JSON.stringify(quantiles)}; expected levels between 0 and 1 and their variables, like ` +
        '{ 0.1: "t_q10", 0.9: "t_q90" }.',
    );
  }
  return {
    levels: points.map(({ level }) => level),
    names: points.map(({ name }) => name),
    text: points.map(({ level, name }) => `${level}:${name}`).join(","),
  };
};
