/**
 * How long a watch pauses where nobody has said it: by the rhythm in which inits arrive, learned as they do and kept
 * beside the ledger. What is there at the first turn teaches nothing: it is not known when it came.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type LookPolicy, learn, lookPolicy, type Rhythm, untilNextLook } from "../../kernels/arrivals.ts";

export interface RhythmEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** 0 to 1. */
  random(): number;
}

/** Gives the pause after a turn, in milliseconds, by the newest init that it found. */
export const pauseByRhythm = (
  file: string,
  { now, random }: RhythmEffects,
  policy: LookPolicy = lookPolicy,
): ((newest: number | undefined) => number) => {
  let rhythm = readRhythm(file);
  let known: { readonly newest: number | undefined } | undefined;
  return (newest) => {
    const at = now();
    if (known !== undefined && newest !== undefined && newest > (known.newest ?? Number.NEGATIVE_INFINITY)) {
      rhythm = learn(rhythm, newest, at);
      writeRhythm(file, rhythm);
    }
    known = { newest };
    return untilNextLook({ now: at, rhythm, newest, failures: 0, random: random() }, policy);
  };
};

const readRhythm = (file: string): Rhythm => {
  try {
    const entries: unknown = JSON.parse(readFileSync(file, "utf8"));
    const isRhythm =
      Array.isArray(entries) && entries.every(([hour, delays]) => hour >= 0 && delays.every(Number.isFinite));
    return new Map(isRhythm ? entries : []);
  } catch {
    return new Map();
  }
};

const writeRhythm = (file: string, rhythm: Rhythm): void => {
  try {
    writeFileSync(file, JSON.stringify([...rhythm]));
  } catch {
    // It is learned again.
  }
};
