/**
 * `governor`: the live correction of the budget. The ledger counts bytes before they exist; the governor looks at what
 * the process tree really holds and says how much the ledger may admit. Pure but for its own memory of the past steps:
 * no clock, no /proc; a step is about 100 ms.
 *
 *     0 ──── baseline ──── states ──── buffers x factor ──── settle ── act ── limit ── hard
 *
 * - Forward: what a counted byte costs in truth (`factor`, 1 to 3) is learned from rss - baseline - states against the
 *   bytes that are resident by our own count, free buffers included, for a pool keeps its pages. The ceiling is what
 *   lands on `settle` when all of it is resident. A new limit moves the ceiling, and with it `admitted`, in one step.
 * - Slow start: half of it until the factor is known, so that a factor of 2 does not cross the limit unseen; without
 *   buffers to learn from it grows by one per cent a step.
 * - Back: above `act` first free buffers are dropped and garbage is collected; only if that did not help, or cannot
 *   help, `admitted` shrinks in proportion to the excess, once in `pause` steps. It grows again by a fixed small
 *   amount a step, after `pause` calm steps below `settle`. Between `settle` and `act` nothing changes: no swinging.
 *   Where four more steps of the same growth would cross `hard`, it falls to one unit at once.
 * - Pressure by others (stalls, or the group or machine full) shrinks the same way.
 * - Liveness: never below `unit`. At that floor, and still above the limit, the cause is named and the run goes on one
 *   by one; `stop` only where the next two steps would cross `hard`, so that a run ends with a cause and not with a kill.
 */

import type { Pressure } from "../machine/pressure.ts";
import { causeOf } from "./cause.ts";
import type { Actions, Signals } from "./signals.ts";

export type { Actions, Signals } from "./signals.ts";

export interface Governor {
  step(signals: Signals): Actions;
}

export interface Tuning {
  /** Share of the limit that work is meant to fill. */
  readonly settle?: number;
  /** Share of the limit above which something is done. */
  readonly act?: number;
  /** Steps between two shrinks, and calm steps before growth. */
  readonly pause?: number;
  /** Steps at the floor and above the limit before a cause is named. */
  readonly patience?: number;
}

/** Where no kill is known: the promise is broken for good. */
const hardShare = 1.5;
/** Per cent of time in which all tasks wait for memory: others, or we, have taken too much. */
const stalled = 10;
/** Share of the group's or machine's memory in use that counts as full. */
const full = 0.97;
/** Steps after the limit was lowered in which the new one is not yet a promise: 5 s. */
const finishing = 50;
/** A leak is no property of buffers: above this it is steered by what is measured. */
const mostFactor = 3;

/** @example const { admitted, trim } = governor().step({ limit: 512e6, rss: 300e6, ... }); */
export const governor = ({ settle = 0.93, act = 0.96, pause = 5, patience = 20 }: Tuning = {}): Governor => {
  let admitted: number | undefined;
  let factor = 1;
  /** Steps from which the factor was learned. */
  let lessons = 0;
  /** Steps in a row: with an excess, well below, at the floor in spite of an excess. */
  let excess = 0;
  let calm = 0;
  let atFloor = 0;
  let sinceShrink = Number.POSITIVE_INFINITY;
  let sinceCollect = Number.POSITIVE_INFINITY;
  let sinceLowered = Number.POSITIVE_INFINITY;
  /** The limit before it was lowered, for some time; then 0. */
  let former = 0;
  let before: Signals | undefined;
  /** Growth that buffers do not explain, bytes a step, smoothed downwards. */
  let growth = 0;

  const learn = ({ limit, rss, baseline, resident, states }: Signals) => {
    if (resident <= 0 || resident < 0.25 * (limit - baseline)) return; // too little to tell it from the noise of the heap
    if (rss > act * limit && rss <= limit && excess < 2) return; // first see what is garbage
    const seen = Math.min(mostFactor, Math.max(1, (rss - baseline - states) / resident));
    factor += (seen > factor ? (lessons < 3 ? 1 : 0.3) : 0.05) * (seen - factor); // dear is believed sooner than cheap
    lessons += 1;
  };

  const step = (signals: Signals): Actions => {
    const { limit, rss, baseline, states, used, unit, free, pressure } = signals;
    const room = Math.max(0, limit - baseline);
    const lowered = before !== undefined && limit < before.limit;
    sinceLowered = lowered ? 0 : sinceLowered + 1;
    former = lowered ? Math.max(former, before!.limit) : sinceLowered > finishing ? 0 : former;
    // What was admitted under the former limit is no leak: it has its time to finish.
    const hard = hardOf({ ...signals, limit: Math.max(limit, former) });
    const last = before ?? signals;
    const unexplained = rss - last.rss - Math.max(0, signals.resident - last.resident);
    growth = Math.max(unexplained, growth + 0.3 * (unexplained - growth));
    before = signals;
    learn(signals);

    const ceiling = Math.max(unit, states + Math.max(0, settle * limit - baseline - states) / factor);
    admitted = Math.min(ceiling, Math.max(unit, admitted ?? ceiling / 2));

    const others = tight(pressure);
    const over = rss > act * limit;
    excess = over || others ? excess + 1 : 0;
    calm = rss < settle * limit && !others ? calm + 1 : 0;
    sinceShrink += 1;
    sinceCollect += 1;

    // As work shrinks the pool keeps what it leaves: while there is much to give back, look again soon.
    const soon = excess === 1 || free > 0.02 * limit;
    const collect =
      (excess > 0 && (lowered || sinceCollect >= (soon ? pause : 4 * pause))) ||
      (rss > settle * limit && sinceCollect >= 8 * pause); // garbage must not pass for work for ever
    if (collect) sinceCollect = 0;
    // Without a collection dropped buffers stay, and new ones come on top.
    const trim = collect && excess > 0 && free > 0;

    // What is dropped and collected is given back a step or two later.
    const trimSuffices = over && !others && excess <= 2 * pause && rss - free <= settle * limit;
    const danger = over && growth > 0 && sinceLowered > 2 * pause && rss + 4 * growth > hard;
    if (danger) {
      admitted = unit;
      sinceShrink = 0;
    } else if (excess > 2 && !trimSuffices && sinceShrink >= (over ? pause : 2 * pause)) {
      const kept = over ? (settle * limit - baseline) / Math.max(1, rss - baseline) : 0.8;
      const from = Math.min(admitted, Math.max(used, admitted / 2));
      admitted = Math.max(unit, from * Math.min(0.9, Math.max(0.5, kept)));
      sinceShrink = 0;
    } else if (lessons >= 3 && sinceShrink === Number.POSITIVE_INFINITY) {
      admitted = ceiling;
    } else if (calm > pause) {
      admitted = Math.min(ceiling, admitted + room * (lessons >= 3 ? 0.03 : 0.01));
    }

    atFloor = (excess > 2 || danger) && admitted <= Math.max(unit, 0.02 * room) ? atFloor + 1 : 0;
    const stop = atFloor >= 3 && rss > limit && growth > 0 && rss + 2 * growth > hard;
    const named = stop || atFloor >= patience;
    const cause = named ? causeOf(signals, over, stop ? hard : undefined) : undefined;
    return { admitted, trim, collect, factor, stop, ...(cause === undefined ? {} : { cause }) };
  };
  return { step };
};

/** Where it ends: others in the same group use up what is left, too. */
const hardOf = ({ limit, hard = limit * hardShare, rss, pressure = {} }: Signals): number =>
  pressure.of === "group" && pressure.inUse !== undefined && pressure.limit !== undefined
    ? Math.min(hard, rss + pressure.limit - pressure.inUse)
    : hard;

const tight = (pressure: Pressure | undefined): boolean =>
  (pressure?.fullAvg10 ?? 0) >= stalled ||
  (pressure?.inUse ?? 0) > full * (pressure?.limit ?? Number.POSITIVE_INFINITY);
