/**
 * In which order refs share their store chunks best. A chunk that holds all leads of a run wants refs by init; a target
 * chunk of one time wants them by valid time; a chunk that holds all runs of a lead wants them by lead. What each
 * order reads again is counted with a small cache of a fixed size, so that the order, and with it what `--limit` and
 * the parts of a case mean, is the same on every machine.
 */
import type { ChunkRef } from "../../model/chunk.ts";

export type Order = "init" | "valid" | "lead";

/** A ref and the store chunks it touches: any name, bytes. */
export interface Touched {
  readonly ref: ChunkRef;
  readonly chunks: readonly { readonly id: string; readonly bytes: number }[];
}

/** Ties of an order are broken by the rest of a ref: no two are equal. */
export const inOrder: Readonly<Record<Order, (a: ChunkRef, b: ChunkRef) => number>> = {
  init: (a, b) => a.initTime - b.initTime || a.lead - b.lead,
  valid: (a, b) => a.validTime - b.validTime || a.initTime - b.initTime,
  lead: (a, b) => a.lead - b.lead || a.initTime - b.initTime,
};

/** Bytes of the cache, or twice what one ref touches where that is more. */
const cacheBytes = 16 * 2 ** 20;

/**
 * The order of these refs that reads least; `init` where none reads less.
 *
 * @param cache bytes of the cache that is imagined
 * @example chunkOrder(refs) // "valid": each target chunk holds one time, and the runs of a case share them
 */
export const chunkOrder = (refs: readonly Touched[], cache: number = cacheBytes): Order => {
  let best: Order = "init";
  let least = Number.POSITIVE_INFINITY;
  for (const order of ["init", "valid", "lead"] as const) {
    const bytes = bytesRead(refs, order, cache);
    if (bytes < least) [best, least] = [order, bytes];
  }
  return best;
};

/** Bytes read, again included, when refs come in this order and the chunks used last are kept. */
export const bytesRead = (refs: readonly Touched[], order: Order, cache: number = cacheBytes): number => {
  const compare = inOrder[order];
  const touches = (chunks: Touched["chunks"]) => chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  const room = refs.reduce((most, { chunks }) => Math.max(most, 2 * touches(chunks)), cache);
  const kept = new Map<string, number>();
  let held = 0;
  let read = 0;
  for (const { chunks } of [...refs].sort((a, b) => compare(a.ref, b.ref))) {
    for (const { id, bytes } of chunks) {
      // A map keeps the order in which keys came: the first is the one used longest ago.
      if (kept.delete(id)) held -= bytes;
      else read += bytes;
      kept.set(id, bytes);
      held += bytes;
    }
    if (held <= room) continue;
    for (const [id, bytes] of kept) {
      kept.delete(id);
      held -= bytes;
      if (held <= room) break;
    }
  }
  return read;
};
