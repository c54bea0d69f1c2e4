import { hashText } from "../../kernels/hash.ts";
import type { Pair } from "../../model/pair.ts";

/**
 * Statistics that several metrics need are computed once a pair. What is the same follows from structure: the
 * function that computes it and its arguments as canonical text. Results live as long as the pair does and are
 * never changed.
 */
export const once = <Arguments extends readonly unknown[], Result>(
  compute: (pair: Pair, ...rest: Arguments) => Result,
  pair: Pair,
  ...rest: Arguments
): Result => onceOf(compute, ...rest)(pair);

/** The same for arguments that all pairs have in common, whose text is made once. */
export const onceOf = <Arguments extends readonly unknown[], Result>(
  compute: (pair: Pair, ...rest: Arguments) => Result,
  ...rest: Arguments
): ((pair: Pair) => Result) => {
  const key = argumentsText(rest);
  return (pair) => {
    if (pair.computed === undefined) return compute(pair, ...rest);
    const ofFunction = pair.computed.get(compute) ?? new Map<string, unknown>();
    pair.computed.set(compute, ofFunction);
    if (!ofFunction.has(key)) ofFunction.set(key, compute(pair, ...rest));
    return ofFunction.get(key) as Result;
  };
};

/** Canonical text of what is computed with; it is made for every statistic of every pair. */
export const argumentsText = (rest: readonly unknown[]): string => {
  let text = "";
  for (const one of rest) {
    if (typeof one === "object" && one !== null) return JSON.stringify(rest, identity);
    text += typeof one === "string" ? `${one.length}:${one}\n` : `${one}\n`;
  }
  return text;
};

/** The same value, known by a hash of its text: for long arguments (polygons, sources), which every pair has. */
export const hashed = <Value extends object>(value: Value): Value => {
  const text = hashText(JSON.stringify(value, identity));
  const copy = Array.isArray(value) ? value.slice() : { ...value };
  return Object.defineProperty(copy, "toJSON", { value: () => text }) as Value;
};

/** Sources are told apart by what names them; what they hold in memory and functions are left out. */
const identity = (key: string, value: unknown): unknown =>
  key === "arrays" || key === "preprocess" || key === "derivations" ? undefined : value;
