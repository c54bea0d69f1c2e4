/**
 * Large arrays that are used again (`Buffers`). Sizes go in steps of an eighth, so that a free buffer serves the next
 * chunk of about the same size; `resident` counts every buffer there is, used or free. Above `limit`, free buffers of
 * other sizes are let go; only a garbage collection gives their memory back, so one is asked for when what was let go
 * matters.
 *
 * The C library keeps what is freed in a thread but for blocks above 32 MiB, which it maps one by one and gives back.
 * So, where the limit is many times that, buffers are cut from slabs a little larger, each of one size; a slab goes
 * when none of its buffers is in use.
 */
import { leastPooled, pooledSize } from "../kernels/pooledSize.ts";
import type { Buffers, OwnedWorkspace } from "../model/memory.ts";

/** A free buffer serves an ask that fills at least this share of it. */
const fill = 0.75;
/** Bytes above which a block is mapped for itself (glibc's DEFAULT_MMAP_THRESHOLD_MAX), and where slabs begin to pay. */
const mapped = 32 * 1024 * 1024 + 4096;
const slabsFrom = 16 * mapped;

export interface BufferPool extends Buffers {
  /** Bytes of all buffers. */
  readonly resident: number;
  /** Bytes of those that are not in use. */
  readonly free: number;
  /** Bytes that were let go and not collected since. */
  readonly dropped: number;
  resize(limit: number): void;
  /** Lets all free buffers go, and collects garbage. */
  trim(): void;
  workspace(): OwnedWorkspace;
}

/** Buffers of one size in one block. */
interface Slab {
  readonly size: number;
  readonly buffer: ArrayBuffer;
  /** Offsets of those that are free. */
  readonly free: number[];
  readonly count: number;
}

/**
 * @param limit bytes of all buffers above which free ones are let go
 * @param collect collects garbage: buffers that were let go become memory of the machine again
 */
export const bufferPool = (limit: number, collect: () => void): BufferPool => {
  /** By size, ascending: slabs, those with free buffers and those without. */
  const slabs = new Map<number, Slab[]>();
  let sizes: number[] = [];
  /** Slabs of which buffers are in use, by their block. */
  const inUse = new Map<ArrayBuffer, Slab>();
  let most = limit;
  let resident = 0;
  let idle = 0;
  let dropped = 0;

  /** Lets slabs without a buffer in use go until at most so many bytes are there. */
  const drop = (bytes: number): void => {
    for (let i = sizes.length - 1; i >= 0 && resident > bytes; i--) {
      const list = slabs.get(sizes[i]!)!;
      for (let j = list.length - 1; j >= 0 && resident > bytes; j--) {
        const { free, count, size, buffer } = list[j]!;
        if (free.length < count) continue;
        list.splice(j, 1);
        inUse.delete(buffer);
        resident -= count * size;
        idle -= count * size;
        dropped += count * size;
      }
    }
  };

  /** What was let go is memory of the process until garbage is collected: too dear to do for a little. */
  const collectDropped = (): void => {
    if (dropped <= Math.max(8e6, most / 32)) return;
    dropped = 0;
    collect();
  };

  const find = (bytes: number): Slab | undefined => {
    for (const size of sizes) {
      if (size < bytes) continue;
      if (bytes < size * fill) return undefined;
      const slab = slabs.get(size)!.find(({ free }) => free.length > 0);
      if (slab !== undefined) return slab;
    }
    return undefined;
  };

  const make = (bytes: number): Slab => {
    const size = pooledSize(bytes);
    const count = most >= slabsFrom ? Math.max(1, Math.ceil(mapped / size)) : 1;
    if (resident + size * count > most) {
      drop(most - size * count);
      collectDropped();
    }
    // Cut to one buffer where a whole slab would not fit.
    const fits = resident + size * count > most ? 1 : count;
    const slab: Slab = {
      size,
      buffer: new ArrayBuffer(size * fits),
      free: Array.from({ length: fits }, (_, i) => (fits - 1 - i) * size),
      count: fits,
    };
    const list = slabs.get(size);
    if (list === undefined) {
      slabs.set(size, [slab]);
      sizes = [...sizes, size].sort((a, b) => a - b);
    } else {
      list.push(slab);
    }
    resident += size * fits;
    idle += size * fits;
    return slab;
  };

  const pool: BufferPool = {
    get resident() {
      return resident;
    },
    get free() {
      return idle;
    },
    get dropped() {
      return dropped;
    },
    take(bytes) {
      if (bytes < leastPooled) return new Uint8Array(bytes);
      const slab = find(bytes) ?? make(bytes);
      inUse.set(slab.buffer, slab);
      idle -= slab.size;
      return new Uint8Array(slab.buffer, slab.free.pop()!, bytes);
    },
    give({ buffer, byteOffset, byteLength }) {
      const slab = inUse.get(buffer as ArrayBuffer);
      if (slab === undefined) {
        // Not ours (an inflater makes its own): garbage now, of which no counter of the engine tells in time.
        if (byteLength >= leastPooled) {
          dropped += byteLength;
          collectDropped();
        }
        return;
      }
      const at = byteOffset - (byteOffset % slab.size);
      if (slab.free.includes(at)) return;
      slab.free.push(at);
      idle += slab.size;
      if (resident > most) drop(most);
    },
    resize(bytes) {
      most = bytes;
      drop(bytes);
      collectDropped();
    },
    trim() {
      drop(0);
      dropped = 0;
      collect();
    },
    workspace() {
      const mine: Uint8Array[] = [];
      const take = (bytes: number): Uint8Array => {
        const array = pool.take(bytes);
        mine.push(array);
        return array;
      };
      return {
        float32(length) {
          const { buffer, byteOffset } = take(length * 4);
          return new Float32Array(buffer as ArrayBuffer, byteOffset, length);
        },
        float64(length) {
          const { buffer, byteOffset } = take(length * 8);
          return new Float64Array(buffer as ArrayBuffer, byteOffset, length);
        },
        free() {
          for (const array of mine) pool.give(array);
          mine.length = 0;
        },
      };
    },
  };
  return pool;
};
