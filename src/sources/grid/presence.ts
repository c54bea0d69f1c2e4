/**
 * What there is of many reads, asked one by one: those asked for in one turn of the event loop are looked at together,
 * and each chunk once. The source of a run is seen as it was when a chunk was first asked for.
 */
import { setMaxListeners } from "node:events";
import type { Found, Touch } from "../../model/watch.ts";
import { orAborted } from "../zarr/orAborted.ts";

type Answer = Promise<ReadonlyMap<string, Found>>;

/** Reads that are looked at together. */
interface Looked {
  readonly touches: Touch[];
  readonly answer: Answer;
  /** The answer, or that a signal was aborted: once a signal, as many units wait with the same. */
  readonly awaited: Map<AbortSignal | undefined, Answer>;
}

/** Chunks of which the answer is kept: some megabytes. */
const most = 65_536;

/** @returns chunk id -> version, or `absent`; what fails is asked for again */
export const presence = (
  look: (touches: readonly Touch[]) => Answer,
  idsOf: (touch: Touch) => readonly string[],
): ((touch: Touch, signal?: AbortSignal) => Promise<ReadonlyMap<string, string>>) => {
  /** Versions, or the looks that will tell them. */
  const known = new Map<string, string | Looked>();
  let next: Looked | undefined;

  const begin = (): Looked => {
    const touches: Touch[] = [];
    const ids = (): Iterable<string> => touches.flatMap(idsOf);
    const answer = new Promise((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return look(touches);
    });
    const looked: Looked = { touches, answer, awaited: new Map() };
    answer.then(
      (found) => {
        for (const id of ids()) if (known.get(id) === looked) known.set(id, versionIn(found, id));
      },
      () => {
        for (const id of ids()) if (known.get(id) === looked) known.delete(id);
      },
    );
    return looked;
  };

  return async (touch, signal) => {
    signal?.throwIfAborted();
    const ids = idsOf(touch);
    if (known.size > most) known.clear();
    if (ids.some((id) => !known.has(id))) {
      next ??= begin();
      next.touches.push(touch);
      for (const id of ids) if (!known.has(id)) known.set(id, next);
    }
    const versions = new Map<string, string>();
    for (const [i, at] of ids.map((id) => known.get(id)!).entries()) {
      const id = ids[i]!;
      versions.set(id, typeof at === "string" ? at : versionIn(await orStopped(at, signal), id));
    }
    return versions;
  };
};

const versionIn = (found: ReadonlyMap<string, Found>, id: string): string =>
  found.get(id)?.version ?? "absent";

const orStopped = ({ answer, awaited }: Looked, signal: AbortSignal | undefined): Answer => {
  const known = awaited.get(signal);
  if (known !== undefined) return known;
  // Of more than ten that wait with one signal Node would warn as of a leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  const waited = orAborted(answer, signal);
  awaited.set(signal, waited);
  return waited;
};
