/**
 * The rhythm of a forecast system, learned from when its inits arrived, and when to look next. Per hour of the day of
 * the init: the usual delay after it (median of the latest) and its spread (median absolute deviation, scaled as a
 * standard deviation: Rousseeuw and Croux 1993, doi:10.1080/01621459.1993.10476408). Looks are close together around an
 * expected arrival and rare elsewhere. All times in milliseconds, UTC; nothing here knows a clock or chance.
 */
import { DAY, HOUR, startOfDay } from "./time.ts";

/** Delays after the init by hour of day (0 to 23), the latest last. */
export type Rhythm = ReadonlyMap<number, readonly number[]>;

/** The usual delay after an init, and its spread. */
export interface Usual {
  readonly delay: number;
  readonly spread: number;
}

export interface LookPolicy {
  /** Never two looks closer together. */
  readonly floor: number;
  /** Never longer without a look, but where the floor is above. */
  readonly ceiling: number;
}

export const lookPolicy: LookPolicy = { floor: 15_000, ceiling: 15 * 60_000 };

/** So many delays an hour are kept. */
const kept = 20;
/** A deviation of normal numbers in median absolute deviations. */
const perDeviation = 1.4826;
/** An arrival is looked for from so many spreads before it on. */
const before = 3;
/** A spread of few arrivals says little: no less than this. */
const leastSpread = 60_000;

const hourOf = (time: number): number => Math.floor((time - startOfDay(time)) / HOUR);

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The rhythm with one more arrival. One before its init teaches nothing (a clock was wrong, or it is no forecast). */
export const learn = (rhythm: Rhythm, initTime: number, arrivedAt: number, most = kept): Rhythm => {
  const delay = arrivedAt - initTime;
  if (!(delay >= 0) || !Number.isFinite(delay)) return rhythm;
  const hour = hourOf(initTime);
  return new Map(rhythm).set(hour, [...(rhythm.get(hour) ?? []), delay].slice(-most));
};

/** Undefined: nothing is known of inits of this hour of the day. */
export const usual = (rhythm: Rhythm, initTime: number): Usual | undefined => {
  const delays = rhythm.get(hourOf(initTime));
  if (delays === undefined || delays.length === 0) return undefined;
  const delay = median(delays);
  const spread = perDeviation * median(delays.map((one) => Math.abs(one - delay)));
  return { delay, spread: Math.max(leastSpread, spread) };
};

export interface LookState {
  readonly now: number;
  readonly rhythm: Rhythm;
  /** The newest init that has arrived; undefined: none. */
  readonly newest: number | undefined;
  /** From 0 up to 1, another one each time. */
  readonly random: number;
}

/** Milliseconds until the next look. */
export const untilNextLook = (
  { now, rhythm, newest, random }: LookState,
  { floor, ceiling }: LookPolicy = lookPolicy,
): number => {
  let wait = Number.POSITIVE_INFINITY;
  for (const init of awaited(rhythm, newest, now)) {
    const { delay, spread } = usual(rhythm, init)!;
    const expected = init + delay;
    const from = expected - before * spread;
    const late = now - (expected + before * spread);
    // Before: until it is due. While it is due: some looks a spread. Late: the later, the rarer.
    const near = Math.max(floor, spread / 8);
    wait = Math.min(wait, now < from ? Math.max(near, from - now) : late <= 0 ? near : near + late / 4);
  }
  // Nothing to wait for is known: neither often nor rarely.
  if (wait === Number.POSITIVE_INFINITY) wait = Math.sqrt(floor * ceiling);
  return Math.max(floor, Math.min(ceiling, wait * (0.8 + 0.2 * random)));
};

/** Of each hour of the day that is known, the inits that may come next: after the newest, and not a day late. */
const awaited = (rhythm: Rhythm, newest: number | undefined, now: number): readonly number[] => {
  const inits: number[] = [];
  for (const [hour, delays] of rhythm) {
    if (delays.length === 0) continue;
    const { delay } = usual(rhythm, hour * HOUR)!;
    // The latest that should be there by now, and the one after it.
    const due = startOfDay(now - delay - hour * HOUR) + hour * HOUR;
    for (const init of [due, due + DAY]) {
      if (newest === undefined || init > newest) inits.push(init);
    }
  }
  return inits;
};

/**
 * The floor after a look: raised where the host asked for less (twice, or what it asked to wait), and back by half with
 * each look at which it did not.
 */
export const nextFloor = (
  floor: number,
  slowed: { readonly times: number; readonly wait: number },
  least: number = lookPolicy.floor,
): number => (slowed.times > 0 ? Math.max(2 * floor, slowed.wait) : Math.max(least, floor / 2));
