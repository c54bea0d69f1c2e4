import { code } from "../../kernels/wasm/blosc.code.ts";
import { wasmModule } from "../../kernels/wasm/instance.ts";

/**
 * The module of `assembly/blosc` and how its memory is laid out: two tables of planes, a tile of elements as they come
 * out, another on the way there, and `work`, where the caller copies in and decodes. Only whole, checked regions are
 * handed over, and what the module refuses is decoded again by scalar code, which knows the words.
 */
interface BloscExports {
  /** The streams of one block, of each `enough` bytes at least; `table` says where each begins. 0, or negative. */
  streams(
    compressor: number,
    from: number,
    to: number,
    scratch: number,
    count: number,
    each: number,
    enough: number,
    table: number,
  ): number;
  lz4(from: number, to: number, out: number, outEnd: number, enough: number): number;
  blosclz(from: number, to: number, out: number, outEnd: number): number;
  /** Here and below, 1: the elements have four bytes, and none of them is an infinite float32. */
  unshuffle(table: number, width: number, from: number, count: number, out: number): number;
  bitUnshuffle(
    table: number,
    width: number,
    row: number,
    from: number,
    count: number,
    temporary: number,
    places: number,
    out: number,
  ): number;
}

export interface BloscRoom {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly run: BloscExports;
  /** Addresses of up to 256 planes. */
  readonly table: number;
  readonly places: number;
  readonly tile: number;
  readonly temporary: number;
  readonly work: number;
}

/** Bytes of a tile; it stays in the cache while it is written, read and copied out. */
export const tileBytes = 131_072;
const tableBytes = 1024;
const fixed = 2 * tableBytes + 2 * tileBytes;
/** What a module keeps from call to call: a memory of its own for one block would cost more than it saves. */
const most = 8 * 1024 * 1024;
const least = 2 * 1024 * 1024;

const module = wasmModule<BloscExports>(code);

/**
 * Room to work in `bytes`; undefined where the engine has no SIMD, or that is too much.
 *
 * @param near where it goes from and to: what lies in the room's memory needs no copy
 */
export function bloscRoom(bytes: number, ...near: readonly Uint8Array[]): BloscRoom | undefined {
  if (module === undefined || fixed + bytes > most) return undefined;
  // The same few sizes again and again: a room that is large enough is kept.
  const { u8, i32, base, run } = module.room(fixed + bytes <= least ? least : most, ...near);
  const tile = base + 2 * tableBytes;
  return {
    u8,
    i32,
    run,
    table: base,
    places: base + tableBytes,
    tile,
    temporary: tile + tileBytes,
    work: tile + 2 * tileBytes,
  };
}
