/**
 * A module compiled from `assembly/`, and its memory: the scratch of this thread. Functions of a module keep nothing
 * from one call to the next; whoever calls lays out its arrays from `base` on, copies in, calls, copies out. Work in
 * pieces that stay in the processor's cache (a block, a tile), so that the copies cost less than the work. What lies in
 * an `arena` needs no copy: a module works in its memory too (`near`, `placed`).
 *
 *     const leaves = wasmModule<LeafExports>(code);
 *     const { u8, base, run } = leaves.room(65_536);
 */
import { scratchIn } from "./arena.ts";
import { copyBytes } from "./copyBytes.ts";
import { constantsEnd, engine, type Memory, memoryOf } from "./engine.ts";

/** Memory of at least the bytes asked for from `base` on, seen in four ways; good until the next room is asked for. */
export interface Room<Exports> {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  /** First byte that is free, a multiple of 64. */
  readonly base: number;
  readonly run: Exports;
}

export interface WasmModule<Exports> {
  /** @param near arrays to work on: the room is in the memory of the first that lies in an arena, if any does */
  room(bytes: number, ...near: readonly ArrayBufferView[]): Room<Exports>;
}

/**
 * A room above this is not kept, since a memory never shrinks: but the last one is used again as long as it is there, for
 * the engine does not see what shared memories weigh, and collects them late.
 */
const kept = 8 * 1024 * 1024;

const bytesOf = (code: string): Uint8Array =>
  Uint8Array.from(atob(code), (character) => character.charCodeAt(0));

/** Undefined where the engine knows no SIMD: use the scalar way, which gives the same results. */
export const wasmModule = <Exports>(code: string): WasmModule<Exports> | undefined => {
  const { Module, Instance } = engine();
  let module: object;
  try {
    module = new Module(bytesOf(code));
  } catch {
    return undefined;
  }
  const roomIn = (memory: Memory, base: number): Room<Exports> => {
    const { exports } = new Instance(module, { env: { memory } });
    const { buffer } = memory;
    return {
      u8: new Uint8Array(buffer),
      i32: new Int32Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      base,
      run: exports as Exports,
    };
  };
  const shared = new WeakMap<ArrayBufferLike, Room<Exports>>();
  let own: Room<Exports> | undefined;
  let wide: WeakRef<Room<Exports>> | undefined;
  return {
    room(bytes, ...near) {
      if (bytes <= kept) {
        for (const { buffer } of near) {
          const there = shared.get(buffer);
          if (there !== undefined) return there;
          const scratch = scratchIn(buffer, kept);
          if (scratch === undefined) continue;
          const made = roomIn(scratch.memory, scratch.at);
          shared.set(buffer, made);
          return made;
        }
      }
      if (own !== undefined && own.u8.length - own.base >= bytes) return own;
      const before = bytes > kept ? wide?.deref() : undefined;
      if (before !== undefined && before.u8.length - before.base >= bytes) return before;
      const made = roomIn(memoryOf(constantsEnd + bytes), constantsEnd);
      if (bytes > kept) wide = new WeakRef(made);
      else own = made;
      return made;
    },
  };
};

/**
 * Where values [from, to) lie for a module at work in `room`: in its memory as they are, else copied to the address `at`.
 *
 *     const room = module.room(TILE * 8, values);
 *     room.run.endless32(placed(room, values, 0, 100, room.base), 100);
 */
export const placed = (
  { u8 }: Room<unknown>,
  values: Float32Array | Float64Array,
  from: number,
  to: number,
  at: number,
): number => {
  const width = values.BYTES_PER_ELEMENT;
  const start = values.byteOffset + from * width;
  if (values.buffer === u8.buffer) return start;
  copyBytes(u8, new Uint8Array(values.buffer, start, (to - from) * width), at);
  return at;
};
