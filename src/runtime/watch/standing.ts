/**
 * How a watch stands: what it has done since it began, folded from its turns. Moments are of a clock that only grows, in
 * milliseconds, but for those that are told.
 */
import { isEwbError } from "../../model/errors.ts";
import type { TurnResult } from "./turn.ts";
import type { TurnEvent } from "./watch.ts";

export interface Standing {
  /** When something was last heard of it: a turn that begins, goes on or ends. */
  readonly heard: number;
  /** A turn is going. */
  readonly isGoing: boolean;
  /** What the turn that goes has done so far, as text: another one is a sign of life. */
  readonly progress: string;
  /** Milliseconds of the pause it is in, or was in last. */
  readonly pause: number;
  readonly turns: { readonly done: number; readonly failed: number };
  /** Turns that failed, by the tag of the error. */
  readonly errors: ReadonlyMap<string, number>;
  /** Why the last turn failed; undefined: it went well, or there was none. */
  readonly trouble: { readonly tag: string; readonly message: string } | undefined;
  /** Of the last turn that went well. */
  readonly last: TurnResult | undefined;
  /** Tables by path: how often they were published, and when last (milliseconds UTC). */
  readonly tables: ReadonlyMap<string, { readonly times: number; readonly at: number }>;
  /** Bytes read by all turns that went well. */
  readonly bytesRead: number;
}

export const firstStanding = (at: number): Standing => ({
  heard: at,
  isGoing: false,
  progress: "",
  pause: 0,
  turns: { done: 0, failed: 0 },
  errors: new Map(),
  trouble: undefined,
  last: undefined,
  tables: new Map(),
  bytesRead: 0,
});

/** @param heard of the clock that only grows; `now`: milliseconds UTC */
export const standingAfter = (before: Standing, event: TurnEvent, heard: number, now: number): Standing => {
  if (event.state === "begun") return { ...before, heard, isGoing: true, progress: "" };
  const { turns, errors } = before;
  const over = { ...before, heard, isGoing: false, pause: event.next };
  if (event.state === "failed") {
    const tag = isEwbError(event.error) ? event.error.tag : "unknown";
    const message = event.error instanceof Error ? event.error.message : String(event.error);
    return {
      ...over,
      turns: { ...turns, failed: turns.failed + 1 },
      errors: new Map(errors).set(tag, (errors.get(tag) ?? 0) + 1),
      trouble: { tag, message },
    };
  }
  const tables = new Map(before.tables);
  for (const path of event.result.published.keys())
    tables.set(path, { times: (tables.get(path)?.times ?? 0) + 1, at: now });
  return {
    ...over,
    turns: { ...turns, done: turns.done + 1 },
    trouble: undefined,
    last: event.result,
    tables,
    bytesRead: before.bytesRead + event.result.bytesRead,
  };
};

/** What the turn that is going has done so far. */
export const standingWith = (before: Standing, progress: string, heard: number): Standing =>
  !before.isGoing || progress === before.progress ? before : { ...before, progress, heard };

export interface Health {
  readonly ok: boolean;
  readonly state: "turning" | "waiting";
  /** Why it is not well. */
  readonly reason: string | null;
  readonly tag: string | null;
  readonly turns: Standing["turns"];
  /** Seconds since something was heard of it. */
  readonly silent_s: number;
}

/** A watch that is silent for three pauses is not well; but for so long a busy machine, or a large unit, may be it. */
const leastPatience = { waiting: 30_000, turning: 120_000 };

export const healthOf = (standing: Standing, at: number): Health => {
  const { heard, isGoing, pause, trouble, turns } = standing;
  const silent = at - heard;
  const state = isGoing ? "turning" : "waiting";
  const isSilent = silent > Math.max(leastPatience[state], 3 * pause);
  const silence = isGoing ? "the turn that is going does nothing" : "no turn has begun";
  const reason = isSilent
    ? `${silence} for ${Math.round(silent / 1000)} s`
    : trouble === undefined || isGoing
      ? null
      : `the last turn failed: ${trouble.message}`;
  return {
    ok: reason === null,
    state,
    reason,
    tag: isSilent || reason === null ? null : trouble!.tag,
    turns,
    silent_s: Math.round(silent / 1000),
  };
};
