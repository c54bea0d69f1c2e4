/**
 * What there is of many reads, asked one by one: those asked for in one turn of the event loop are looked at together,
 * and each chunk once. The source of a run is seen as it was when a chunk was first asked for.
 */
import { setMaxListeners } from "node:events";
import type { Found, Touch } from "../../model/watch.ts";
import { orAborted } from "../zarr/orAborted.ts";

type Answer = Promise<ReadonlyMap<string, Found>>;

/** Chunks of which the answer is kept: some megabytes. */
const most = 65_536;

/** @returns chunk id -> version, or `absent`; what fails is asked for again */
export const presence = (
  look: (touches: readonly Touch[]) => Answer,
  idsOf: (touch: Touch) => readonly string[],
): ((touch: Touch, signal?: AbortSignal) => Promise<ReadonlyMap<string, string>>) => {
  const known = new Map<string, Answer>();
  let next: { readonly touches: Touch[]; readonly answer: Answer } | undefined;

  const begin = () => {
    const touches: Touch[] = [];
    const answer = new Promise((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return look(touches);
    });
    answer.catch(() => {
      for (const [id, failed] of known) if (failed === answer) known.delete(id);
    });
    return { touches, answer };
  };

  return async (touch, signal) => {
    const ids = idsOf(touch);
    if (known.size > most) known.clear();
    if (ids.some((id) => !known.has(id))) {
      next ??= begin();
      next.touches.push(touch);
      for (const id of ids) if (!known.has(id)) known.set(id, next.answer);
    }
    const answers = ids.map((id) => known.get(id)!);
    // Many units wait with one signal; of more than ten Node would warn as of a leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const distinct = [...new Set(answers)];
    const found = await orAborted(Promise.all(distinct), signal);
    const versionOf = (id: string, i: number) => found[distinct.indexOf(answers[i]!)]!.get(id)?.version;
    return new Map(ids.map((id, i) => [id, versionOf(id, i) ?? "absent"]));
  };
};
