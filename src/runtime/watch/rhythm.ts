/**
 * How long a watch pauses: by the rhythm in which inits of each forecast arrive, learned as they do and kept beside the
 * ledger. What is there at the first turn teaches nothing: it is not known when it came. A turn in which something failed
 * is soon tried again, later and later; a host that asks for less, or must be asked for much, is asked less often.
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  type LookPolicy,
  learn,
  lookPolicy,
  nextFloor,
  type Rhythm,
  untilNextLook,
} from "../../kernels/arrivals.ts";
import type { TurnResult } from "./turn.ts";

export interface RhythmEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** 0 to 1. */
  random(): number;
}

/** What a pause depends on. */
export type Looked = Pick<TurnResult, "newest" | "failures" | "slowed" | "requests">;

/** Milliseconds: what was being written is whole in a moment. */
const soon = 10_000;
/** Milliseconds a request: where many are needed to look at all there is, looks are rarer. */
const aRequest = 20;

/**
 * Gives the pause after a turn, in milliseconds.
 *
 * @param every the pause that was asked for; undefined: by the rhythm
 */
export const pauseByRhythm = (
  file: string,
  { now, random }: RhythmEffects,
  every?: number,
  policy: LookPolicy = lookPolicy,
): ((looked: Looked) => number) => {
  const rhythms = readRhythms(file);
  let known: ReadonlyMap<string, number> | undefined;
  let failed = 0;
  let floor = policy.floor;
  const byRhythm = (newest: ReadonlyMap<string, number>): number => {
    const at = now();
    const before = known;
    let isLearned = false;
    for (const [forecast, init] of before === undefined ? [] : newest) {
      if (init <= (before!.get(forecast) ?? Number.NEGATIVE_INFINITY)) continue;
      rhythms.set(forecast, learn(rhythms.get(forecast) ?? new Map(), init, at));
      isLearned = true;
    }
    if (isLearned) writeRhythms(file, rhythms);
    // One that failed is no arrival when it is back.
    known = new Map([...(before ?? []), ...newest]);
    const all = newest.size === 0 ? [["", undefined] as const] : [...newest];
    const waits = all.map(([forecast, init]) => {
      const rhythm = rhythms.get(forecast) ?? new Map();
      return untilNextLook({ now: at, rhythm, newest: init, random: random() }, { ...policy, floor });
    });
    return Math.min(...waits);
  };
  return ({ newest, failures, slowed, requests }) => {
    floor = nextFloor(floor, slowed, policy.floor);
    failed = failures.length > 0 ? failed + 1 : 0;
    const rhythm = Math.max(byRhythm(newest), Math.min(policy.ceiling, requests * aRequest));
    const usual = every ?? rhythm;
    const again = failed === 0 ? usual : Math.min(usual, soon * 2 ** Math.min(20, failed - 1));
    return floor > policy.floor ? Math.max(floor, again) : again;
  };
};

const readRhythms = (file: string): Map<string, Rhythm> => {
  try {
    const rhythms = Object.entries(JSON.parse(readFileSync(file, "utf8"))).map(([forecast, entries]) => {
      const isRhythm =
        Array.isArray(entries) &&
        entries.every(([hour, delays]) => hour >= 0 && delays.every(Number.isFinite));
      const rhythm: Rhythm = new Map(isRhythm ? entries : []);
      return [forecast, rhythm] as const;
    });
    return new Map(rhythms);
  } catch {
    return new Map();
  }
};

const writeRhythms = (file: string, rhythms: ReadonlyMap<string, Rhythm>): void => {
  try {
    writeFileSync(
      file,
      JSON.stringify(Object.fromEntries([...rhythms].map(([name, all]) => [name, [...all]]))),
    );
  } catch {
    // It is learned again.
  }
};
