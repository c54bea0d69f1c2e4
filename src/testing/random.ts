/** Pseudo-random numbers in [0, 1) from a seed: mulberry32 (Ettinger 2017, public domain). */
export const random = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A whole number from `low` to `high`, both included. */
export const whole = (next: () => number, low: number, high: number): number =>
  low + Math.floor(next() * (high - low + 1));

/** The same elements in another order. */
export const shuffled = <Element>(next: () => number, elements: readonly Element[]): Element[] => {
  const copy = [...elements];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = whole(next, 0, i);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
};
