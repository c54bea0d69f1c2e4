/**
 * The heat-wave box (105 rows of 125 cells) out of a Blosc frame of (1, 721, 1440) float32 with the product's
 * functions: header, starts, then the blocks that its rows touch. What it would take if nothing else were to be done.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { Buffers } from "../src/model/memory.ts";
import { blockRanges, decodeBlocks, startBytes } from "../src/sources/codecs/bloscBlocks.ts";
import { bloscHeader, headerBytes } from "../src/sources/codecs/bloscHeader.ts";
import { exactly } from "../src/sources/codecs/size.ts";

const [rowBytes, columnAt, cells, firstRow, rows] = [1440 * 4, 893 * 4, 125 * 4, 100, 105];
const size = exactly(721 * rowBytes);
/** Bytes read at first: the header and the starts of all blocks there may be. */
const head = 256;

export interface BoxOfFrame {
  decode(frame: Uint8Array, buffers: Buffers): Uint8Array;
  /** Reads only what it needs. */
  read(path: string, buffers: Buffers): Uint8Array;
}

export const boxOfFrame = (): BoxOfFrame => {
  const out = new Uint8Array(rows * cells);
  const [prefix, held] = [new Uint8Array(head), new Uint8Array(1 << 22)];
  const take = (prefix: Uint8Array, length: number | undefined, fetch: Fetch, buffers: Buffers) => {
    const header = bloscHeader(prefix, size, length);
    const ranges = blockRanges(header, prefix.subarray(headerBytes, headerBytes + startBytes(header)));
    const first = Math.floor((firstRow * rowBytes) / header.blocksize);
    const last = Math.ceil(((firstRow + rows) * rowBytes) / header.blocksize);
    const from = Math.min(...ranges.from.subarray(first, last));
    const source = fetch(from, Math.max(...ranges.to.subarray(first, last)));
    const decoded = buffers.take((last - first) * header.blocksize);
    decodeBlocks(header, ranges, first, last, source, from, decoded, 0, buffers);
    for (let row = 0; row < rows; row++) {
      const at = (firstRow + row) * rowBytes + columnAt - first * header.blocksize;
      out.set(decoded.subarray(at, at + cells), row * cells);
    }
    return out;
  };
  return {
    decode: (frame, buffers) => take(frame, frame.length, (from, to) => frame.subarray(from, to), buffers),
    read(path, buffers) {
      const file = openSync(path, "r");
      try {
        readSync(file, prefix, 0, head, 0);
        const fetch = (from: number, to: number) =>
          held.subarray(0, readSync(file, held, 0, to - from, from));
        const { length } = { length: new DataView(prefix.buffer).getUint32(12, true) };
        return take(prefix, length, fetch, buffers);
      } finally {
        closeSync(file);
      }
    },
  };
};

type Fetch = (from: number, to: number) => Uint8Array;
