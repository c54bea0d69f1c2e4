/**
 * `governing`: the thin loop around the governor. Every 100 ms, off the hot path, it samples, lets it step and hands
 * on what it says. A change of the limit need not wait: call `now`.
 */
import type { Governor } from "./governor.ts";
import type { Actions, Signals } from "./signals.ts";

/** Milliseconds. */
const every = 100;

export interface Governing extends Disposable {
  /** A step at once, such as after the user changed the limit. */
  now(): Actions;
}

/** Calls `work` once after `ms` milliseconds; gives what calls it off. */
export type Later = (work: () => void, ms: number) => () => void;

/** A timer that keeps no process alive. */
export const later: Later = (work, ms) => {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Starts with a step at once.
 * @example using governed = governing(governor(), sample, ({ admitted }) => budget.admit(admitted));
 */
export const governing = (
  governor: Governor,
  sample: () => Signals,
  apply: (actions: Actions, signals: Signals) => void,
  after: Later = later,
): Governing => {
  let cancel = () => {};
  let over = false;
  const now = (): Actions => {
    cancel();
    const signals = sample();
    const actions = governor.step(signals);
    if (!over) cancel = after(now, every);
    apply(actions, signals);
    return actions;
  };
  now();
  return {
    now,
    [Symbol.dispose]() {
      over = true;
      cancel();
    },
  };
};
