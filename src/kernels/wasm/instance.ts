/**
 * A module compiled from `assembly/`, and its memory: the scratch of this thread. Functions of a module keep nothing
 * from one call to the next and exports `base()`, the first byte it leaves free; whoever calls lays out its arrays from `base` on, copies in, calls, copies out. Work in
 * pieces that stay in the processor's cache (a block, a tile), so that the copies cost less than the work.
 *
 *     const leaves = wasmModule<LeafExports>(code);
 *     const { u8, base, run } = leaves.room(65_536);
 */

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
  room(bytes: number): Room<Exports>;
}

const page = 65_536;
/** A room above this is made for one call and not kept: a memory never shrinks. */
const kept = 8 * 1024 * 1024;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of the engine's `WebAssembly`, for which Node's types have no names. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

const bytesOf = (code: string): Uint8Array =>
  Uint8Array.from(atob(code), (character) => character.charCodeAt(0));

/** Undefined where the engine knows no SIMD: use the scalar way, which gives the same results. */
export const wasmModule = <Exports>(code: string): WasmModule<Exports> | undefined => {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
  let module: object;
  try {
    module = new Module(bytesOf(code));
  } catch {
    return undefined;
  }
  const make = (bytes: number): Room<Exports> => {
    const { exports } = new Instance(module, {});
    const memory = exports.memory as Memory;
    const base = ((exports.base as () => number)() + 63) & ~63;
    const missing = base + bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / page));
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
  let room: Room<Exports> | undefined;
  return {
    room(bytes) {
      if (room !== undefined && room.u8.length - room.base >= bytes) return room;
      const made = make(bytes);
      if (bytes <= kept) room = made;
      return made;
    },
  };
};
