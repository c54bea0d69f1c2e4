import { EwbError } from "../../model/errors.ts";
import type { Weights } from "../../model/pair.ts";
import { type Hours, parseQuantity } from "../../model/units.ts";

/** Throws `Options` where an option is given that there is not: a misspelled one would change nothing, silently. */
export const onlyOptions = (metric: string, options: object, known: readonly string[]): void => {
  if (typeof options !== "object" || options === null) {
    const found =
      options === undefined ? "no options are given" : `the options are ${JSON.stringify(options)}`;
    throw new EwbError(
      "Options",
      `${metric}: ${found}; expected an object of ${known.join(", ")}. "ewb metrics ${metric}" has an example.`,
    );
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new EwbError(
      "Options",
      `${metric}: there is no option "${key}". Options are: ${known.join(", ")}.`,
    );
  }
};

/** One of some words; throws `Options`, naming them, for any other. */
export const oneOf = <Word extends string>(
  metric: string,
  option: string,
  value: Word,
  words: readonly Word[],
): Word => {
  if (words.includes(value)) return value;
  throw new EwbError(
    "Options",
    `${metric}: ${option} is ${JSON.stringify(value)}; expected ${words.map((word) => `"${word}"`).join(" or ")}.`,
  );
};

/** The weight of a place; throws `Options`. */
export const weightsOf = (metric: string, weights: Weights): Weights =>
  oneOf(metric, "weights", weights, ["area", "cosine", "density", "none"]);

/** Hours of `"24 h"`; throws `Options` where that is no length of time. */
export const hoursOf = (metric: string, option: string, text: Hours): number => {
  const { value, unit } = parseQuantity(text);
  if (unit === "h" && Number.isFinite(value) && value >= 0) return value;
  throw new EwbError(
    "Options",
    `${metric}: ${option} is ${JSON.stringify(text)}; expected hours like "24 h".`,
  );
};
