/**
 * Finds chunks that took far longer than others of their source in the same stage: above 8 times the median of the
 * latest 64, and at least 100 ms. Nothing is said before 8 are known. Bytes held: about 600 a source and stage.
 */
import type { SlowEvent } from "../../model/event.ts";

/** What was measured of one chunk. */
export type TimedChunk = Omit<SlowEvent, "event" | "t" | "median_ms">;

const [factor, leastMs, leastKnown, kept] = [8, 100, 8, 64];

interface Latest {
  readonly ms: Float64Array;
  count: number;
}

/** @example const event = slowChunks.seen({ stage: "waitStore", source: "ERA5", …, ms: 2300 }, t); // or undefined */
export class SlowChunks {
  readonly #sources = new Map<string, Latest>();

  /** @param t seconds of the run's clock */
  seen(chunk: TimedChunk, t: number): SlowEvent | undefined {
    const name = `${chunk.stage} ${chunk.source}`;
    const latest = this.#sources.get(name) ?? { ms: new Float64Array(kept), count: 0 };
    this.#sources.set(name, latest);
    // The median costs a sort: only for what could be slow.
    const median = chunk.ms >= leastMs && latest.count >= leastKnown ? medianOf(latest) : undefined;
    latest.ms[latest.count++ % kept] = chunk.ms;
    if (median === undefined || chunk.ms <= factor * median) return undefined;
    return { event: "slow", t, ...chunk, median_ms: median };
  }
}

const medianOf = ({ ms, count }: Latest): number => {
  const sorted = ms.slice(0, Math.min(count, kept)).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
