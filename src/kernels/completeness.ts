/** How much of a unit is there, judged from two looks at its chunks. Times in milliseconds UTC. */
import type { Completeness, Found, WaitPolicy } from "../model/watch.ts";

/** A chunk that was there at a look. */
export interface SeenChunk extends Found {
  /** When it was first seen as it is. */
  readonly since: number;
}

export interface Circumstances {
  readonly now: number;
  /** When the unit usually arrives. */
  readonly expected: number;
  /** Since when later leads or inits are there; undefined: none is. */
  readonly laterSince: number | undefined;
  /** Whether writers leave out chunks that hold only the fill value. */
  readonly absentIsFill: boolean;
}

export const waitPolicy: WaitPolicy = { settle: 60_000, deadline: 12 * 3_600_000, emptyIsMissing: true };

/** This look at a chunk, with what the look before knew of it. */
export const seenAgain = (previous: SeenChunk | undefined, found: Found, now: number): SeenChunk => ({
  ...found,
  since: previous?.version === found.version ? Math.min(previous.since, now) : now,
});

/**
 * Whether a chunk stays as it is: not written lately, or not seen to change lately. A time of writing ahead of ours says
 * nothing.
 */
export const isSettled = ({ since, modified }: SeenChunk, now: number, { settle }: WaitPolicy): boolean =>
  now - since >= settle || (modified !== undefined && now - modified >= settle);

/** When all that a unit has was there. */
export const thereSince = (chunks: readonly (SeenChunk | undefined)[]): number =>
  chunks.reduce(
    (latest, chunk) =>
      Math.max(latest, chunk === undefined ? latest : Math.min(chunk.since, chunk.modified ?? chunk.since)),
    Number.NEGATIVE_INFINITY,
  );

/**
 * What the chunks of a unit (undefined: absent) say. What lacks is waited for; it is never to come when the deadline has
 * passed since it was usual, and since something later came. A unit without chunks is complete.
 */
export const judge = (
  chunks: readonly (SeenChunk | undefined)[],
  { now, expected, laterSince, absentIsFill }: Circumstances,
  policy: WaitPolicy,
): Completeness => {
  const there = chunks.filter(
    (chunk): chunk is SeenChunk => chunk !== undefined && !(policy.emptyIsMissing && chunk.bytes === 0),
  );
  const isGivenUp =
    now - expected >= policy.deadline && laterSince !== undefined && now - laterSince >= policy.deadline;
  const isWhole = there.length === chunks.length || (absentIsFill && (there.length > 0 || isGivenUp));
  if (!isWhole) return isGivenUp ? "never" : there.length === 0 ? "not-yet" : "partial";
  return there.every((chunk) => isSettled(chunk, now, policy)) ? "complete" : "partial";
};
