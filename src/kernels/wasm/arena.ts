/**
 * Memory of large arrays in which compiled modules work too, so that what is decoded there is added up where it lies: no
 * copy in, none out. Address space is taken at once and never moves (views of it stay good); memory of the machine
 * becomes of it what is written to, and is given back only with the whole arena, when nothing refers to it any more. So
 * blocks are cut as low as there is room: what was used just now, and is still in the processor's cache, first.
 *
 *     const arena = newArena(256e6);
 *     const at = arena?.take(4_194_304, arena.bytes); // an address in arena.buffer, or undefined
 *     arena?.give(at + 100); // the block in which that byte lies
 */
import { constantsEnd, type Memory, memoryOf, pageBytes } from "./engine.ts";

export interface Arena {
  readonly buffer: SharedArrayBuffer;
  /** Bytes from its start to the end of the highest block there ever was. */
  readonly touched: number;
  /** Bytes of blocks in use. */
  readonly used: number;
  /** Address of a block of so many bytes (a multiple of 64) that ends within the first `most` bytes, if there is one. */
  take(bytes: number, most: number): number | undefined;
  /** Gives back the block in which the byte at `address` lies; how many bytes it had, 0 where there is none. */
  give(address: number): number;
}

/** Modules that work in one arena, of the thread that has it and of another one, and the scratch of each. */
const modules = 16;
const ofOwner = modules / 2;
export const scratchBytes = 8 * 1024 * 1024;
const first = constantsEnd + modules * scratchBytes;
/** Code may read a little behind the last value. */
const slack = pageBytes;

interface Scratch {
  readonly memory: Memory;
  used: number;
  readonly most: number;
}

/** Scratch of the arenas there are, by their memory: as long as somebody has that, and as a memory, of this thread. */
const scratchOfArenas = () => {
  const scratches = new WeakMap<ArrayBufferLike, Scratch>();
  return {
    add(memory: Memory, used: number, most: number): void {
      scratches.set(memory.buffer, { memory, used, most });
    },
    memory: (buffer: ArrayBufferLike): Memory | undefined => scratches.get(buffer)?.memory,
    next(
      buffer: ArrayBufferLike,
      bytes: number,
    ): { readonly memory: Memory; readonly at: number } | undefined {
      const scratch = scratches.get(buffer);
      if (scratch === undefined || bytes > scratchBytes || scratch.used === scratch.most) return undefined;
      const at = constantsEnd + scratch.used * scratchBytes;
      scratch.used += 1;
      return { memory: scratch.memory, at };
    },
  };
};
const scratch = scratchOfArenas();

/** Scratch for one more module in the arena with this memory; undefined where that is none. */
export const scratchIn = scratch.next;

/** The memory of an arena of this thread, to be posted to another one; undefined: it is none. */
export const memoryOfArena = scratch.memory;

/** Modules of this thread may work in the arena of another one from now on, as long as something refers to its memory. */
export const shareArena = (memory: Memory): void => scratch.add(memory, ofOwner, modules);

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Undefined where the machine has no such address space, or the engine no WebAssembly. */
export const newArena = (bytes: number): Arena | undefined => {
  let memory: Memory;
  try {
    memory = memoryOf(first + bytes + slack);
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  scratch.add(memory, 0, ofOwner);
  const stop = first + bytes;
  /** In use, ascending. */
  const blocks: Extent[] = [];
  let high = first;
  let used = 0;
  /** How many blocks begin at or before an address. */
  const before = (address: number): number => {
    let [low, end] = [0, blocks.length];
    while (low < end) {
      const middle = (low + end) >> 1;
      if (blocks[middle]!.start <= address) low = middle + 1;
      else end = middle;
    }
    return low;
  };
  return {
    buffer,
    get touched() {
      return high - first;
    },
    get used() {
      return used;
    },
    take(size, most) {
      const limit = Math.min(stop, first + most);
      let start = first;
      let i = 0;
      for (; i < blocks.length && blocks[i]!.start - start < size; i++) start = blocks[i]!.end;
      if (start + size > limit) return undefined;
      blocks.splice(i, 0, { start, end: start + size });
      used += size;
      high = Math.max(high, start + size);
      return start;
    },
    give(address) {
      const i = before(address) - 1;
      const block = blocks[i];
      if (block === undefined || address >= block.end) return 0;
      blocks.splice(i, 1);
      used -= block.end - block.start;
      return block.end - block.start;
    },
  };
};
