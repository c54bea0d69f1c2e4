import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import { type BloscRoom, bloscRoom, tileBytes } from "./bloscWasm.ts";

/**
 * Shuffles undone in WebAssembly, a tile of elements at a time: the tile stays in the cache until it is copied out, so
 * that arrays of any size need the same little memory. What goes to the room's own memory is written there at once.
 */
export type Shuffle = "byte" | "bit";

/** Elements of a tile: groups of 128, as the bit shuffle wants them. */
const tileElements = (width: number): number => Math.floor(tileBytes / width) & ~127;

/** The most planes of which the table has room. */
const widest = 255;

/**
 * Elements `first` to before `last` of those whose planes are in the room, at the addresses in its table, into `out`
 * from `start` on; for the bit shuffle all of them. Returns whether they have four bytes and none is an infinite float32:
 * looked for while a tile is in the cache, which costs next to nothing.
 */
export function gatherTiles(
  { u8, run, table, places, tile, temporary }: BloscRoom,
  shuffle: Shuffle,
  width: number,
  elements: number,
  first: number,
  last: number,
  out: Uint8Array,
  start: number,
): boolean {
  let finite = true;
  const most = tileElements(width);
  const isThere = out.buffer === u8.buffer;
  for (let from = first; from < last; from += most) {
    const count = Math.min(most, last - from);
    const to = start + (from - first) * width;
    const at = isThere ? out.byteOffset + to : tile;
    const found =
      shuffle === "byte"
        ? run.unshuffle(table, width, from, count, at)
        : run.bitUnshuffle(table, width, elements / 8, from, count, temporary, places, at);
    if (found === 0) finite = false;
    if (!isThere) copyBytes(out, u8.subarray(tile, tile + count * width), to);
  }
  return finite;
}

/**
 * The whole elements of `source` (bit shuffle: a multiple of 8 of them), into `out` from `start` on. False where this
 * cannot be done here, and nothing is.
 */
export function unshuffleTiles(
  shuffle: Shuffle,
  source: Uint8Array,
  out: Uint8Array,
  start: number,
  width: number,
): boolean {
  const room = width <= widest ? bloscRoom(tileBytes) : undefined;
  if (room === undefined) return false;
  const { u8, i32, table, work } = room;
  const elements = Math.floor(source.length / width);
  const most = tileElements(width);
  const [rows, perByte] = shuffle === "bit" ? [8 * width, 8] : [width, 1];
  for (let from = 0; from < elements; from += most) {
    const count = Math.min(most, elements - from);
    const piece = count / perByte;
    for (let row = 0; row < rows; row++) {
      const at = (row * elements + from) / perByte;
      copyBytes(u8, source.subarray(at, at + piece), work + row * piece);
    }
    for (let plane = 0; plane < width; plane++) i32[(table >> 2) + plane] = work + plane * count;
    gatherTiles(room, shuffle, width, count, 0, count, out, start + from * width);
  }
  return true;
}
