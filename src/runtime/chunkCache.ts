import type { ChunkCache, StoredChunk } from "../sources/storedArray.ts";

/**
 * Decoded chunks of a run: each is read once while it is wanted, reads in flight are joined, and what was longest
 * unused goes first. It never holds more than `limit` bytes, which the run takes off its budget; a chunk above
 * the limit is passed on and not kept. A failed read is not kept: the next unit asks the store again.
 */
export const chunkCache = (limit: number): ChunkCache => {
  const kept = new Map<string, { readonly bytes: number; readonly chunk: StoredChunk | undefined }>();
  const flying = new Map<string, Promise<StoredChunk | undefined>>();
  let held = 0;

  const keep = (id: string, bytes: number, chunk: StoredChunk | undefined) => {
    if (bytes > limit) return;
    kept.set(id, { bytes, chunk });
    held += bytes;
    for (const [oldest, entry] of kept) {
      if (held <= limit) break;
      kept.delete(oldest);
      held -= entry.bytes;
    }
  };

  return {
    get(id, bytes, load) {
      const entry = kept.get(id);
      if (entry !== undefined) {
        // Maps keep the order of insertion: put in again, it is the youngest.
        kept.delete(id);
        kept.set(id, entry);
        return Promise.resolve(entry.chunk);
      }
      const joined = flying.get(id);
      if (joined !== undefined) return joined;
      const reading = load().then(
        (chunk) => {
          flying.delete(id);
          keep(id, chunk === undefined ? 0 : bytes, chunk);
          return chunk;
        },
        (error: unknown) => {
          flying.delete(id);
          throw error;
        },
      );
      flying.set(id, reading);
      return reading;
    },
  };
};
