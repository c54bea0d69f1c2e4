import * as nodeZlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitUnshuffle } from "../../../src/sources/codecs/bitUnshuffle.ts";
import { unblosc } from "../../../src/sources/codecs/blosc.ts";
import { blosclzBlock } from "../../../src/sources/codecs/blosclz.ts";
import { decoderV2 } from "../../../src/sources/codecs/chain.ts";
import { lz4Block } from "../../../src/sources/codecs/lz4.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { snappyBlock } from "../../../src/sources/codecs/snappy.ts";
import { xxh64Low } from "../../../src/sources/codecs/xxh64.ts";
import { ownFrame, unzstd, zstdDecode } from "../../../src/sources/codecs/zstd.ts";
import { bytesOf, faultOf } from "./buffers.ts";

const { gzipSync, deflateSync } = nodeZlib;
const compressed = (id: string, bytes: number) =>
  decoderV2({ dtype: "|u1", chunks: [bytes], filters: null, compressor: { id }, order: "C" });
type Block = typeof lz4Block;
const block = (decode: Block, source: number[], length: number) => {
  // Guards on both sides: nothing outside the range may be touched.
  const out = new Uint8Array(length + 8).fill(170);
  try {
    decode(Uint8Array.of(1, ...source, 1), 1, 1 + source.length, out, 4, 4 + length);
  } finally {
    expect([...out.subarray(0, 4), ...out.subarray(4 + length)]).toEqual(Array(8).fill(170));
  }
  return [...out.subarray(4, 4 + length)];
};

describe("lz4 blocks", () => {
  it("copies literals and matches that overlap", () => {
    expect(block(lz4Block, [0x24, 1, 2, 2, 0, 0x10, 3], 11)).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 3]);
    expect(block(lz4Block, [0x1f, 9, 1, 0, 60, 0x00], 80)).toEqual(Array(80).fill(9));
  });
  it.each([
    [[0x20, 1], 2, "1 bytes of literals found, 2 expected"],
    [[0xf0, 255], 300, "an end within a length"],
    [[0x10, 1], 2, "1 bytes found, 2 expected"],
    [[0x20, 1, 2], 1, "more than 1 bytes found, 1 expected"],
    [[0x10, 1, 2, 0, 0x10, 1], 6, "a match 2 bytes back found, 1 to 1 expected"],
    [[0x10, 1, 0, 0, 0x10, 1], 6, "a match 0 bytes back"],
    [[0x10, 1, 1], 6, "an end within a distance"],
    [[0x1f, 1, 1, 0, 255], 600, "an end within a length"],
    [[0x14, 1, 1, 0, 0x10, 1], 5, "more than 5 bytes"],
    [[0x10, 1, 1, 0], 5, "an end after a match"],
    [[], 5, "an end after a match"],
  ])("%j into %i: an error", (source, length, message) => {
    expect(faultOf(() => block(lz4Block, source, length)).message).toContain(message);
  });
  it("checks the length that numcodecs writes", () => {
    const decode = (...source: number[]) => compressed("lz4", 2).decode(Uint8Array.of(...source));
    expect([...decode(2, 0, 0, 0, 0x20, 7, 8)]).toEqual([7, 8]);
    expect(faultOf(() => decode(255, 255, 255, 255, 0x20, 7, 8)).message).toBe(
      "lz4: 4294967295 bytes found, 2 expected",
    );
    expect(faultOf(() => decode(2, 0, 0)).message).toContain("3 bytes found");
  });
});

describe("blosclz and snappy blocks", () => {
  it("copies literals and matches", () => {
    expect(block(blosclzBlock, [1, 5, 6, 0x20, 1, 0, 7], 6)).toEqual([5, 6, 5, 6, 5, 7]);
    expect(block(snappyBlock, [7, 0x04, 5, 6, 0x01, 2, 0x00, 7], 7)).toEqual([5, 6, 5, 6, 5, 6, 7]);
    expect(block(snappyBlock, [6, 0x00, 5, 0x12, 1, 0], 6)).toEqual([5, 5, 5, 5, 5, 5]);
    expect(block(snappyBlock, [3, 0xf0, 2, 1, 2, 3], 3)).toEqual([1, 2, 3]);
  });
  it.each([
    [blosclzBlock, [3, 1], 4, "1 bytes of literals found, 4 expected"],
    [blosclzBlock, [0, 1, 0x20, 5], 4, "a match 6 bytes back"],
    [blosclzBlock, [0, 1, 0x20], 4, "an end within a match"],
    [blosclzBlock, [0, 1], 4, "1 bytes found, 4 expected"],
    [blosclzBlock, [1, 1, 1], 1, "more than 1 bytes"],
    [snappyBlock, [9, 0x00, 1], 1, "9 bytes found, 1 expected"],
    [snappyBlock, [255, 255, 255, 255, 255, 1], 1, "a length of more than 5 bytes"],
    [snappyBlock, [2, 0x04, 1], 2, "1 bytes of literals found, 2 expected"],
    [snappyBlock, [5, 0x00, 1, 0x01, 2], 5, "a match 2 bytes back"],
    [snappyBlock, [5, 0x00, 1, 0x03, 1], 5, "an end within an element"],
    [snappyBlock, [3, 0x00, 5, 0x12, 1, 0], 3, "more than 3 bytes"],
    [snappyBlock, [5, 0x00, 1], 5, "1 bytes found, 5 expected"],
  ])("%o %j: an error", (decode, source, length, message) => {
    expect(faultOf(() => block(decode as Block, source as number[], length as number)).message).toContain(
      message,
    );
  });
});

describe("blosc frames", () => {
  const frame = (
    change: Partial<Record<"version" | "inner" | "flags" | "size" | "bytes" | "block", number>>,
  ) => {
    const out = new Uint8Array(16 + 4 + 4 + 8);
    const view = new DataView(out.buffer);
    out.set([change.version ?? 2, change.inner ?? 1, change.flags ?? 0x30, change.size ?? 4]);
    view.setUint32(4, change.bytes ?? 8, true);
    view.setUint32(8, change.block ?? 8, true);
    view.setUint32(12, out.length, true);
    view.setUint32(16, 20, true);
    view.setUint32(20, 8, true);
    out.set([1, 2, 3, 4, 5, 6, 7, 8], 24);
    return out;
  };
  const decode = (bytes: Uint8Array, size = 8) => [...unblosc(bytes, exactly(size))];

  it("copies what did not compress, and undoes the shuffle", () => {
    expect(decode(frame({}))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(decode(frame({ flags: 0x31, size: 2 }))).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
    expect(decode(frame({ flags: 0x31, size: 3 }))).toEqual([1, 3, 5, 2, 4, 6, 7, 8]);
    expect(decode(frame({ flags: 0x34, size: 2 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(decode(frame({ flags: 0x34, size: 1 }))).toEqual([85, 102, 120, 128, 0, 0, 0, 0]);
  });
  it("does not split small blocks, flag or not", () => {
    expect(decode(frame({ flags: 0x20 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  it("undoes the bit shuffle of any width, and copies the rest of an element", () => {
    for (const width of [1, 2, 3, 4, 8, 17]) {
      for (const elements of [8, 16, 40, 12]) {
        const raw = Uint8Array.from({ length: elements * width + width - 1 }, (_, i) => (i * i * 31) >> 2);
        const shuffled = raw.slice();
        if (elements % 8 === 0) shuffled.fill(0, 0, elements * width);
        for (let bit = 0; elements % 8 === 0 && bit < elements * width * 8; bit++) {
          const [row, column] = [Math.floor(bit / elements), bit % elements];
          const value = (raw[column * width + (row >> 3)]! >> (row & 7)) & 1;
          shuffled[bit >> 3]! |= value << (bit & 7);
        }
        const out = new Uint8Array(raw.length + 3);
        bitUnshuffle(shuffled, out, 3, width);
        expect([...out.subarray(3)]).toEqual([...raw]);
      }
    }
  });
  it.each([
    [{ version: 3 }, "format version 3"],
    [{ inner: 2 }, "compressor version 2"],
    [{ flags: 0x38 }, "bit 3 unset"],
    [{ flags: 0x35 }, "both shuffles"],
    [{ flags: 0xb0 }, "compressor 5"],
    [{ flags: 0x32 }, "16 bytes behind the header found, 8 by the header"],
    [{ size: 0 }, "typesize 0"],
    [{ block: 0 }, "blocksize 0"],
    [{ bytes: 9 }, "9 bytes found, 8 expected"],
    [{ block: 1 }, "8 blocks in 32 bytes found"],
  ])("%j: an error", (change, message) => {
    expect(faultOf(() => decode(frame(change))).message).toContain(message);
  });
  it("takes no block from outside", () => {
    for (const [at, value, message] of [
      [16, 29, "block 0 at 29 found, 20 to 28 expected"],
      [16, 4, "block 0 at 4 found"],
      [16, 4294967295, "block 0 at 4294967295 found"],
      [20, 9, "a stream of 9 bytes found, at most 8 expected"],
      [12, 31, "a frame of 32 bytes found, 31 by its header"],
    ] as const) {
      const bytes = frame({});
      new DataView(bytes.buffer).setUint32(at, value, true);
      expect(faultOf(() => decode(bytes)).message).toContain(message);
    }
    expect(faultOf(() => decode(new Uint8Array(15))).message).toContain("15 bytes found, a header of 16");
  });
});

describe("gzip and zlib", () => {
  const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 5);
  const encoders = { gzip: gzipSync, zlib: deflateSync };

  it.each(["gzip", "zlib"] as const)("%s: any cut and any flipped bit of the trailer is an error", (id) => {
    const decoder = compressed(id, content.length);
    const stream = new Uint8Array(encoders[id](content));
    expect(bytesOf(decoder.decode(stream)).equals(content)).toBe(true);
    for (let length = 0; length < stream.length; length += 1 + (length >> 3)) {
      expect(faultOf(() => decoder.decode(stream.subarray(0, length))).codec).toBe(id);
    }
    for (let byte = 1; byte <= 4; byte++) {
      const changed = stream.slice();
      changed[stream.length - byte]! ^= 16;
      expect(faultOf(() => decoder.decode(changed)).codec).toBe(id);
    }
    expect(faultOf(() => decoder.decode(new Uint8Array(0))).message).toContain(`${id}: 0 bytes found`);
    const longer = new Uint8Array(stream.length + 3);
    longer.set(stream);
    expect(faultOf(() => decoder.decode(longer)).codec).toBe(id);
    expect(faultOf(() => compressed(id, 4999).decode(stream)).message).toMatch(
      /more than 4999 bytes found, (at most )?4999 expected/,
    );
    expect(faultOf(() => compressed(id, 5001).decode(stream)).message).toBe(
      `${id}: 5000 bytes found, 5001 expected`,
    );
  });

  it("joins gzip members, and reads names and comments in headers", () => {
    const first = new Uint8Array(gzipSync(content.subarray(0, 2000)));
    const named = Uint8Array.of(
      ...first.subarray(0, 3),
      4 | 8 | 16,
      ...first.subarray(4, 10),
      2,
      0,
      9,
      9,
      65,
      0,
      66,
      0,
    );
    const members = Buffer.concat([named, first.subarray(10), gzipSync(content.subarray(2000))]);
    expect(bytesOf(compressed("gzip", 5000).decode(members)).equals(content)).toBe(true);
  });

  it("gives memory of its own, never Node's shared pool", () => {
    const small = compressed("zlib", 16).decode(deflateSync(new Uint8Array(16)));
    expect(small.buffer.byteLength).toBe(16);
  });
});

describe("zstd", () => {
  const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
  const raw = "28b52ffd 20 05 290000 0102030405";

  it("decodes raw blocks and runs, several frames, and skips what may be skipped", () => {
    expect([...unzstd(hex(raw), exactly(5))]).toEqual([1, 2, 3, 4, 5]);
    const frames = hex(`502a4d18 02000000 ffff ${raw} 28b52ffd 00 58 230000 07`);
    for (const decode of [unzstd, (bytes: Uint8Array) => zstdDecode(bytes, exactly(9), ownFrame)]) {
      expect([...decode(frames, exactly(9))]).toEqual([1, 2, 3, 4, 5, 7, 7, 7, 7]);
    }
  });
  it.each([
    ["28b52ffd 20 06 290000 0102030405", "6 bytes found, 5 expected"],
    ["28b52ffd 00 58 310000 010203040506", "found"],
    ["28b52ffd 00 58 210000 01020304", "4 bytes found, 5 expected"],
    [`${raw} 00`, "1 bytes after the frame found"],
    [`${raw} ffffffffffffffff`, "8 bytes after the frame found"],
    ["28b52ffd 20 05 290000 01020304", "a frame that ends early"],
    ["28b52ffd 20 05 280000 0102030405", "a frame that ends early"],
    ["28b52ffd 28 05 290000 0102030405", "a reserved bit"],
    ["28b52ffd 21 07 05 290000 0102030405", "a dictionary's number"],
    ["28b52ffd 20 05 2f0000 0102030405", "a reserved kind of block"],
    ["28b52ffd e0 ffffffffffffffff 290000 0102030405", "bytes found, 5 expected"],
    ["27b52ffd 20 05 290000 0102030405", "another magic number"],
    ["502a4d18 02000000 ffff", "10 bytes without a frame"],
    ["502a4d18 ffffffff ffff", "a skippable frame that ends early"],
  ])("%s: an error", (text, message) => {
    for (const decode of [unzstd, (bytes: Uint8Array) => zstdDecode(bytes, exactly(5), ownFrame)]) {
      expect(faultOf(() => decode(hex(text), exactly(5))).message).toContain(message);
    }
  });
  it("verifies checksums", () => {
    expect(xxh64Low(new Uint8Array(0))).toBe(0x51d8e999);
    expect(xxh64Low(Uint8Array.of(97))).toBe(0xa98c6e5b);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(xxh64Low(Uint8Array.of(1, 2, 3, 4, 5)));
    const right = `28b52ffd 24 05 290000 0102030405 ${sum.toString("hex")}`;
    for (const decode of [unzstd, (bytes: Uint8Array) => zstdDecode(bytes, exactly(5), ownFrame)]) {
      expect([...decode(hex(right), exactly(5))]).toEqual([1, 2, 3, 4, 5]);
      expect(faultOf(() => decode(hex(right.replace("0102030405", "0102030406")), exactly(5))).codec).toBe(
        "zstd",
      );
    }
  });

  const compress = (nodeZlib as { zstdCompressSync?: (input: Uint8Array, options?: object) => Buffer })
    .zstdCompressSync;
  it.skipIf(compress === undefined)("our own decoder agrees with this Node's on anything it wrote", () => {
    const level = fc.integer({ min: -5, max: 15 });
    const data = fc.tuple(
      level,
      fc.boolean(),
      fc.integer({ min: 1, max: 90000 }),
      fc.integer({ min: 1, max: 255 }),
    );
    fc.assert(
      fc.property(data, ([compression, summed, length, spread]) => {
        let state = length;
        const raw = Uint8Array.from({ length }, (_, i) => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return (((state >>> 24) % spread) + (i >> 6)) & 255;
        });
        const encoded = new Uint8Array(compress!(raw, { params: { 100: compression, 201: summed ? 1 : 0 } }));
        expect(bytesOf(zstdDecode(encoded, exactly(length), ownFrame)).equals(raw)).toBe(true);
        expect(bytesOf(unzstd(encoded, exactly(length))).equals(raw)).toBe(true);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
