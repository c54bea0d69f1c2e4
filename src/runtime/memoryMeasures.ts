/**
 * What was projected of memory against what was measured: of each array the bytes put aside for a chunk and those it
 * needed; of each metric the array it is given to work with and what it allocated. Plain data, so that workers can
 * send theirs. Looking at what a metric allocates costs some 20 us a unit: only where it is asked for.
 */
import { pooledSize } from "../kernels/pooledSize.ts";
import type { Fetched } from "./chunkCache.ts";

export interface Measure {
  readonly kind: "source" | "metric";
  readonly name: string;
  units: number;
  /** Bytes of the largest unit: put aside, needed. */
  projected: number;
  measured: number;
}

export class MemoryMeasures {
  #all = new Map<string, Measure>();

  chunk({ chunk, encoded, projected }: Fetched): void {
    this.#add("source", chunk.array, 1, projected, pooledSize(chunk.bytes) + pooledSize(encoded));
  }

  /** Runs `work`, and looks at what is on the heap and in arrays of this thread before and after. */
  work<T>(name: string, projected: number, work: () => T): T {
    const before = process.memoryUsage();
    const result = work();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    // A collection in between gives less than nothing: no measurement.
    const grown = heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers;
    this.#add("metric", name, 1, projected, Math.max(0, grown));
    return result;
  }

  /** Adds what another thread measured. */
  join(others: readonly Measure[]): void {
    for (const { kind, name, units, projected, measured } of others)
      this.#add(kind, name, units, projected, measured);
  }

  /** Everything since it was last taken. */
  take(): readonly Measure[] {
    const taken = this.all;
    this.#all = new Map();
    return taken;
  }

  get all(): readonly Measure[] {
    return [...this.#all.values()];
  }

  #add(kind: Measure["kind"], name: string, units: number, projected: number, measured: number): void {
    const key = `${kind} ${name}`;
    const one = this.#all.get(key) ?? { kind, name, units: 0, projected: 0, measured: 0 };
    this.#all.set(key, one);
    one.units += units;
    one.projected = Math.max(one.projected, projected);
    one.measured = Math.max(one.measured, measured);
  }
}
