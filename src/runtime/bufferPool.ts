/**
 * Large arrays that are used again (`Buffers`). Sizes go in steps of an eighth, so that a free buffer serves the next
 * chunk of about the same size; `resident` counts every buffer there is, used or free. Above `limit`, free buffers of
 * other sizes are let go; only a garbage collection gives their memory back, so one is asked for when what was let go
 * matters.
 *
 * The C library keeps what is freed in a thread but for blocks above 32 MiB, which it maps one by one and gives back.
 * So, where the limit is many times that, buffers are cut from slabs a little larger, each of one size; a slab goes
 * when none of its buffers is in use.
 *
 * Before all that, buffers are blocks of an `arena`, of at most half of the limit: kernels work on them where they lie.
 * What was written to there stays memory of the process until the whole arena goes. So where less is allowed, or little
 * of it is in use when memory is asked for, another takes its place, and it goes when the last of its blocks is free;
 * until then it takes of the half.
 */
import { leastPooled, pooledSize } from "../kernels/pooledSize.ts";
import { type Arena, newArena } from "../kernels/wasm/arena.ts";
import type { Buffers, OwnedWorkspace } from "../model/memory.ts";

/** A free buffer serves an ask that fills at least this share of it. */
const fill = 0.75;
/** Bytes above which a block is mapped for itself (glibc's DEFAULT_MMAP_THRESHOLD_MAX), and where slabs begin to pay. */
const mapped = 32 * 1024 * 1024 + 4096;
const slabsFrom = 16 * mapped;
/** Share of the limit that the arena may take, for it shrinks only as a whole, and from which limit on there is one. */
const arenaShare = 0.5;
const arenaFrom = 150e6;
/** From so many bytes on the arrays of a unit lie in the arena, where what they are gathered from and added up by is. */
const leastInArena = 4096;

export interface BufferPool extends Buffers {
  /** Bytes of all buffers. */
  readonly resident: number;
  /** Bytes that could be let go. */
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

/** Where bytes lie that are taken. */
interface Block {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
}

/**
 * @param limit bytes of all buffers above which free ones are let go
 * @param collect collects garbage: buffers that were let go become memory of the machine again
 * @param arenaBytes address space of the arena; 0: none
 * @param onArenaGone called when one is used no more: whoever else refers to its memory should not
 */
export const bufferPool = (
  limit: number,
  collect: () => void,
  arenaBytes = 0,
  onArenaGone: (buffer: ArrayBufferLike) => void = () => {},
): BufferPool => {
  /** By size, ascending: slabs, those with free buffers and those without. */
  const slabs = new Map<number, Slab[]>();
  let sizes: number[] = [];
  /** Slabs of which buffers are in use, by their block. */
  const inUse = new Map<ArrayBuffer, Slab>();
  let most = limit;
  /** Bytes of slabs. */
  let resident = 0;
  let idle = 0;
  let dropped = 0;
  let arena: Arena | undefined;
  /** There is to be none, or no room for one. */
  let refused = arenaBytes === 0;
  /** Those that are not used any more but for blocks that are still out. */
  const retired = new Map<ArrayBufferLike, Arena>();

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

  /** Bytes that slabs may take. */
  const left = (): number => most - touched();

  const inArena = (bytes: number): Block | undefined => {
    if (most < arenaFrom || refused) return undefined;
    arena ??= newArena(arenaBytes);
    refused = arena === undefined;
    const size = Math.ceil(pooledSize(bytes) / 64) * 64;
    const byteOffset = arena?.take(size, most * arenaShare - inRetired());
    if (arena === undefined || byteOffset === undefined) return undefined;
    if (resident > left()) drop(left());
    return { buffer: arena.buffer, byteOffset };
  };

  const letGo = (one: Arena): void => {
    dropped += one.touched;
    retired.delete(one.buffer);
    onArenaGone(one.buffer);
  };

  /** Another arena from now on; this one goes when it is free. */
  const retire = (): void => {
    if (arena === undefined) return;
    if (arena.used > 0) retired.set(arena.buffer, arena);
    else letGo(arena);
    arena = undefined;
  };

  const inRetired = (): number => {
    if (retired.size === 0) return 0;
    let sum = 0;
    for (const one of retired.values()) sum += one.touched;
    return sum;
  };

  /** Bytes of arenas: what was ever written to. */
  const touched = (): number => (arena?.touched ?? 0) + inRetired();

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
    if (resident + size * count > left()) {
      drop(left() - size * count);
      collectDropped();
    }
    // Cut to one buffer where a whole slab would not fit.
    const fits = resident + size * count > left() ? 1 : count;
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

  const blockOf = (bytes: number): Block => {
    if (bytes < leastPooled) return { buffer: new ArrayBuffer(bytes), byteOffset: 0 };
    const hot = inArena(bytes);
    if (hot !== undefined) return hot;
    const slab = find(bytes) ?? make(bytes);
    inUse.set(slab.buffer, slab);
    idle -= slab.size;
    return { buffer: slab.buffer, byteOffset: slab.free.pop()! };
  };

  const pool: BufferPool = {
    get resident() {
      return resident + touched();
    },
    get free() {
      return idle + (arena === undefined || arena.used > 0 ? 0 : arena.touched);
    },
    get dropped() {
      return dropped;
    },
    take(bytes) {
      const { buffer, byteOffset } = blockOf(bytes);
      return new Uint8Array(buffer, byteOffset, bytes);
    },
    give({ buffer, byteOffset, byteLength }) {
      const home = buffer === arena?.buffer ? arena : retired.get(buffer);
      if (home !== undefined) {
        home.give(byteOffset);
        if (home !== arena && home.used === 0) {
          letGo(home);
          collectDropped();
        }
        return;
      }
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
      if (resident > left()) drop(left());
    },
    resize(bytes) {
      most = bytes;
      if (bytes < arenaFrom || (arena?.touched ?? 0) > bytes * arenaShare) retire();
      drop(left());
      collectDropped();
    },
    trim() {
      if (arena !== undefined && arena.touched > 4 * arena.used) retire();
      drop(0);
      dropped = 0;
      collect();
    },
    workspace() {
      const mine: (Float32Array | Float64Array)[] = [];
      const arrayOf = (bytes: number): Block =>
        (bytes < leastInArena ? undefined : inArena(bytes)) ?? blockOf(bytes);
      return {
        float32(length) {
          const { buffer, byteOffset } = arrayOf(length * 4);
          const array = new Float32Array(buffer as ArrayBuffer, byteOffset, length);
          mine.push(array);
          return array;
        },
        float64(length) {
          const { buffer, byteOffset } = arrayOf(length * 8);
          const array = new Float64Array(buffer as ArrayBuffer, byteOffset, length);
          mine.push(array);
          return array;
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
