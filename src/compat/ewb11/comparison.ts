import { EwbError } from "../../model/errors.ts";

/** The peer's operators. */
export type PeerComparison = ">=" | ">" | "<=" | "<" | "==" | "!=";

const TESTS: Readonly<Record<PeerComparison, (value: number, threshold: number) => boolean>> = {
  ">=": (a, b) => a >= b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  "<": (a, b) => a < b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** The test an operator stands for. Throws `Options` for a word that is none. */
export const peerTest = (
  metric: string,
  comparison: string,
): ((value: number, threshold: number) => boolean) => {
  const test = Object.hasOwn(TESTS, comparison) ? TESTS[comparison as PeerComparison] : undefined;
  if (test !== undefined) return test;
  throw new EwbError(
    "Options",
    `${metric}: the operator is ${JSON.stringify(comparison)}; expected ${Object.keys(TESTS).join(" ")}.`,
  );
};
