/**
 * How many units a worker begins before the first of them are computed. What is begun cannot be given to another worker
 * any more, and what is read long before its turn is memory for nothing: so few are begun at first, and one more for
 * each that is over while the thread had nothing to do, which doubles them with every answer of a slow store (slow
 * start, Jacobson 1988, doi:10.1145/52325.52356). A thread that is busy all the time begins no more.
 */
const first = 8;
const busy = 0.9;
/** Milliseconds between two looks at how busy the thread was. */
const span = 20;

export interface ReadAhead {
  /** Units, or a few small ones that ask together, that may be in work at once. */
  readonly most: number;
  /** One is over, of so many that were in work. */
  over(inWork: number): void;
}

/** Share of the time since the last call that this thread was busy, 0 to 1. */
export const threadUse = (): (() => number) => {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
};

/** @param utilization see `threadUse`; @param now milliseconds */
export const readAhead = (utilization: () => number, now: () => number): ReadAhead => {
  let most = first;
  let looked = now();
  let isIdle = true;
  return {
    get most() {
      return most;
    },
    over(inWork) {
      if (now() - looked >= span) {
        isIdle = utilization() < busy;
        looked = now();
      }
      if (isIdle && inWork >= most - 1) most += 1;
    },
  };
};
