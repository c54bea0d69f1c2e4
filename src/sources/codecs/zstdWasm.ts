/**
 * A frame's blocks by WebAssembly (`assembly/zstd`). They are decoded into a window that stands in the module's memory
 * and are copied out one by one while the cache has them; when the window is full, what a match may reach (the header's
 * window size) is moved to its start. So the memory is bounded by the frame's window and not by its content; only a
 * frame whose window itself is large (levels above 19 of libzstd) takes a room of its own for one call.
 *
 * What the module refuses, and what it is not there for, goes to `otherwise`, whose result or error counts.
 */
import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import { type WasmModule, wasmModule } from "../../kernels/wasm/instance.ts";
import { code } from "../../kernels/wasm/zstd.code.ts";
import type { FrameDecoder } from "./zstd.ts";
import { zstdBlockMost } from "./zstdFrame.ts";

export interface ZstdExports {
  input(): number;
  begin(): void;
  block(length: number, from: number, to: number, stop: number): number;
  hashBegin(): void;
  hashStripes(at: number, end: number): number;
  hashEnd(at: number, end: number, total: number): number;
}

/** The module may write so many bytes behind where a block may end. */
const slack = 64;
/** The window that is made at first; it serves streams of a few blocks and windows of libzstd's lower levels. */
const usual = 2 * 1024 * 1024;
/** What is kept from one call to the next. */
const largest = 8 * 1024 * 1024 - slack;
/** A window above this is left to the other way. */
const most = 256 * 1024 * 1024;

/** Bytes of the window in the module's memory for `content` bytes that look back `window` at most. */
const roomFor = (content: number, window: number): number => {
  if (content <= usual) return usual;
  if (window <= usual / 2) return usual;
  if (content <= largest || window <= largest / 2) return largest;
  return Math.min(content, 2 * window);
};

export const wasmFrame = (otherwise: FrameDecoder): FrameDecoder => {
  let made: { readonly zstd: WasmModule<ZstdExports> | undefined } | undefined;
  return (source, frame, out, start) => {
    made ??= { zstd: wasmModule<ZstdExports>(code) };
    const { zstd } = made;
    const content = Math.min(out.length - start, frame.contentSize ?? Number.POSITIVE_INFINITY);
    const window = Math.min(content, frame.window);
    const room = roomFor(content, window);
    if (zstd === undefined || room > most) return otherwise(source, frame, out, start);
    const { u8, base, run } = zstd.room(room + slack);
    const input = run.input();
    const end = base + room;
    const summed = frame.checksum !== undefined;
    run.begin();
    if (summed) run.hashBegin();
    let left = content;
    let to = base;
    let hashed = base;
    for (const { kind, at, length, size } of frame.blocks) {
      const bound = kind === "compressed" ? Math.min(left, zstdBlockMost) : size;
      if (bound > left) return otherwise(source, frame, out, start);
      if (to + bound > end) {
        const kept = Math.min(to - base, window);
        u8.copyWithin(base, to - kept, to);
        hashed -= to - base - kept;
        to = base + kept;
      }
      let bytes = size;
      if (kind === "raw") copyBytes(u8, source.subarray(at, at + size), to);
      else if (kind === "run") u8.fill(source[at]!, to, to + size);
      else {
        copyBytes(u8, source.subarray(at, at + length), input);
        bytes = run.block(length, base, to, to + bound);
        if (bytes < 0) return otherwise(source, frame, out, start);
      }
      copyBytes(out, u8.subarray(to, to + bytes), start + content - left);
      to += bytes;
      left -= bytes;
      if (summed) hashed = run.hashStripes(hashed, to);
    }
    if (summed && run.hashEnd(hashed, to, content - left) >>> 0 !== frame.checksum) {
      return otherwise(source, frame, out, start);
    }
    return start + content - left;
  };
};
