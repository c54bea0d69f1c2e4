/**
 * How long what is left will take, from how fast it went. What is left of work that goes on already: at the rate of
 * the last 60 s, or of the last 32 moments in which something was done where they reach further back, but never of
 * the first half of what is done: the first chunks come slowly, from cold stores and cold code. What is left of work
 * that did not begin, which may be of another kind: at the rate of all that was done after the first 30 s.
 *
 * The range is twice the standard error of the rates in 6 equal parts of the recent time, widened by what is guessed
 * of the amount.
 */
interface Moment {
  readonly at: number;
  readonly done: number;
}

const [windowMs, leastMoments, apartMs, parts, leastMs] = [60_000, 32, 250, 6, 3000];
const warmMs = 30_000;
/** Of the amount left: how far a guess of it is usually off. */
const guessSpread = 0.3;

/** Seconds. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export class Rate {
  /** Moments, at least a quarter of a second apart; at most 240 and a few. */
  #moments: Moment[] = [];
  /** Moments at which 3 % more were done than at the one before: where half was done. A few hundred at most. */
  readonly #past: Moment[] = [];

  /** @param done so far; `now` in milliseconds */
  add(done: number, now: number): void {
    if (done > 1.03 * (this.#past.at(-1)?.done ?? 0)) this.#past.push({ at: now, done });
    const last = this.#moments.at(-1);
    if (done <= (last?.done ?? 0)) return;
    if (last !== undefined && now - last.at < apartMs) return;
    this.#moments.push({ at: now, done });
    const fresh = this.#moments.findIndex(({ at }) => at >= now - windowMs);
    const spare = Math.min(fresh - 1, this.#moments.length - leastMoments);
    if (spare > 0) this.#moments = this.#moments.slice(spare);
  }

  /**
   * Seconds for what is left; null before 3 s of work were seen. Never below 0.
   *
   * @param begun what is left of work that goes on; `unbegun`: of work that did not begin
   * @param isGuess whether the amount of `unbegun` is a guess
   */
  left(begun: number, unbegun: number, isGuess: boolean, now: number): Range | null {
    const moments = this.#recent();
    const recent = rateOf(moments[0], this.#moments.at(-1), now);
    if (recent === undefined || now - moments[0]!.at < leastMs) return null;
    const warm = this.#past.find(({ at }) => at >= this.#past[0]!.at + warmMs);
    const isLonger = warm !== undefined && warm.at < moments[0]!.at;
    const whole = (isLonger ? rateOf(warm, this.#moments.at(-1), now) : undefined) ?? recent;
    const guessed = isGuess && unbegun > 0 ? unbegun / (begun + unbegun) : 0;
    const off = Math.min(0.6, Math.hypot(2 * spreadOf(moments, now, recent), guessSpread * guessed));
    const seconds = (begun / recent + unbegun / whole) / 1000;
    return { low: seconds * (1 - off), high: seconds * (1 + off) };
  }

  /** When the recent time begins, in milliseconds; undefined before anything was done. */
  get since(): number | undefined {
    return this.#recent()[0]?.at;
  }

  #recent(): readonly Moment[] {
    const half = this.#when((this.#past.at(-1)?.done ?? 0) / 2);
    return half ? this.#moments.filter(({ at }) => at >= half.at) : [];
  }

  /** The last moment at which no more than `done` were done; else the first. */
  #when(done: number): Moment | undefined {
    return this.#past.findLast((moment) => moment.done <= done) ?? this.#past[0];
  }
}

/** Done a millisecond; undefined where nothing was done between the two. */
const rateOf = (from: Moment | undefined, to: Moment | undefined, now: number): number | undefined =>
  from === undefined || to === undefined || to.done <= from.done || now <= from.at
    ? undefined
    : (to.done - from.done) / (now - from.at);

/** Standard error of the rate, relative to it. */
const spreadOf = (moments: readonly Moment[], now: number, rate: number): number => {
  const start = moments[0]!.at;
  const step = (now - start) / parts;
  const rates = Array.from(
    { length: parts },
    (_, i) => (doneAt(moments, start + (i + 1) * step) - doneAt(moments, start + i * step)) / step,
  );
  const squares = rates.reduce((sum, one) => sum + (one - rate) ** 2, 0);
  return Math.sqrt(squares / (parts - 1) / parts) / rate;
};

/** Between two moments what is done grows evenly. */
const doneAt = (moments: readonly Moment[], at: number): number => {
  const after = moments.findIndex((moment) => moment.at >= at);
  if (after === 0) return moments[0]!.done;
  const [a, b] = after < 0 ? [moments.at(-1)!, moments.at(-1)!] : [moments[after - 1]!, moments[after]!];
  return b.at === a.at ? b.done : a.done + ((b.done - a.done) * (at - a.at)) / (b.at - a.at);
};
