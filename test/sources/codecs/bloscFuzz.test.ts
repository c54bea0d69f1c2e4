/**
 * Damaged blosc frames and damaged streams: WebAssembly and scalar code take the same ones and give the same bytes,
 * nothing outside is read or written, and what is refused is refused with the same words.
 */
import { describe, expect, it } from "vitest";
import { bitUnshuffleScalar } from "../../../src/sources/codecs/bitUnshuffle.ts";
import { unblosc } from "../../../src/sources/codecs/blosc.ts";
import { blockRanges, startBytes } from "../../../src/sources/codecs/bloscBlocks.ts";
import { bloscHeader } from "../../../src/sources/codecs/bloscHeader.ts";
import { blosclzBlock } from "../../../src/sources/codecs/blosclz.ts";
import { bloscStreams, streamsOf } from "../../../src/sources/codecs/bloscStreams.ts";
import { lz4Block } from "../../../src/sources/codecs/lz4.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { fresh } from "../../../src/sources/codecs/step.ts";
import { unshuffleScalar } from "../../../src/sources/codecs/unshuffle.ts";
import { describeShared } from "../../shared.ts";
import { inWasm } from "./bloscWasm.ts";
import { type EncodedBuffer, encodedBuffers } from "./buffers.ts";
import { mutated, seeded } from "./mutation.ts";

const total = process.env.EWB_SOAK === "1" ? 1_000_000 : 10_000;
const limit = { timeout: total };

/** The whole frame, without WebAssembly. */
const scalar = (frame: Uint8Array, bytes: number): Uint8Array => {
  const header = bloscHeader(frame, exactly(bytes), frame.length);
  if (header.copied) return frame.subarray(16);
  const { from, to } = blockRanges(header, frame.subarray(16));
  const out = new Uint8Array(bytes);
  for (let block = 0; block < header.blocks; block++) {
    const start = block * header.blocksize;
    const shuffled = new Uint8Array(Math.min(header.blocksize, bytes - start));
    bloscStreams(header, frame, from[block]!, to[block]!, shuffled, 0, shuffled.length, fresh);
    if (header.shuffle === "none") out.set(shuffled, start);
    else
      (header.shuffle === "byte" ? unshuffleScalar : bitUnshuffleScalar)(
        shuffled,
        out,
        start,
        header.typesize,
      );
  }
  return out;
};

const attempt = (decode: () => Uint8Array): Uint8Array | string => {
  try {
    return decode();
  } catch (error) {
    if ((error as { tag?: unknown }).tag === "Codec") return (error as Error).message;
    throw error;
  }
};

interface Stream {
  readonly codec: "lz4" | "blosclz";
  readonly bytes: number;
  readonly source: Uint8Array;
}

/** The compressed streams of a frame by lz4 or blosclz. */
const streams = ({ encoded, raw }: EncodedBuffer): Stream[] => {
  const header = bloscHeader(encoded, exactly(raw.length), encoded.length);
  if (header.copied || header.compressor > 1) return [];
  const codec = header.compressor === 1 ? "lz4" : "blosclz";
  const { from } = blockRanges(header, encoded.subarray(16, 16 + startBytes(header)));
  const found: Stream[] = [];
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  for (let block = 0; block < header.blocks; block++) {
    const size = Math.min(header.blocksize, raw.length - block * header.blocksize);
    const count = streamsOf(header, size);
    let at = from[block]!;
    for (let i = 0; i < count; i++) {
      const length = view.getUint32(at, true);
      const source = encoded.subarray(at + 4, at + 4 + length);
      if (length !== size / count) found.push({ codec, bytes: size / count, source });
      at += 4 + length;
    }
  }
  return found;
};

describeShared("damaged blosc", () => {
  const small = encodedBuffers().filter(
    ({ config, encoded, raw }) => config.id === "blosc" && encoded.length < 60_000 && raw.length < 130_000,
  );

  it("frames: with WebAssembly and without, the same bytes or the same words", limit, () => {
    const random = seeded(21);
    let [took, refused] = [0, 0];
    // Those that are quick to damage and decode; zstd and zlib have tests of their own.
    const quick = small.filter(({ encoded }) => encoded[2]! >> 5 < 3);
    for (let i = 0; i < total * 0.3; i++) {
      const { id, encoded, raw } = quick[Math.floor(random() * quick.length)]!;
      const damaged = mutated(encoded, random);
      const one = attempt(() => unblosc(damaged, exactly(raw.length)));
      const other = attempt(() => scalar(damaged, raw.length));
      if (typeof one === "string" || typeof other === "string") {
        if (one !== other) expect.fail(`mutation ${i} of ${id}: ${String(one)} and ${String(other)}`);
        refused++;
      } else {
        if (Buffer.compare(one, other) !== 0) expect.fail(`mutation ${i} of ${id}: other bytes`);
        took++;
      }
    }
    expect([took > total * 0.03, refused > total * 0.1]).toEqual([true, true]);
  });

  it("streams: both take the same and give the same, within their regions", limit, () => {
    const random = seeded(22);
    const all = small
      .flatMap(streams)
      .filter(({ source, bytes }) => source.length < 20_000 && bytes < 40_000);
    expect(new Set(all.map(({ codec }) => codec)).size).toBe(2);
    const outcome = { lz4: [0, 0], blosclz: [0, 0] };
    for (let i = 0; i < total * 0.7; i++) {
      const { codec, source, bytes } = all[Math.floor(random() * all.length)]!;
      const damaged = mutated(source, random);
      const size = random() < 0.1 ? bytes - 8 + Math.floor(random() * 16) : bytes;
      const one = inWasm(codec, damaged, size, random() < 0.5 ? "source" : "output");
      const out = new Uint8Array(size + 16).fill(0xa5);
      const decode = codec === "lz4" ? lz4Block : blosclzBlock;
      const other = attempt(() => {
        decode(damaged, 0, damaged.length, out, 8, 8 + size);
        return out.subarray(8, 8 + size);
      });
      if ((one === undefined) !== (typeof other === "string"))
        expect.fail(`mutation ${i}: ${codec} ${other}`);
      if (one !== undefined && Buffer.compare(one, other as Uint8Array) !== 0) {
        expect.fail(`mutation ${i}: ${codec}, other bytes`);
      }
      for (const at of [0, 7, 8 + size, 15 + size])
        if (out[at] !== 0xa5) expect.fail(`mutation ${i}: wrote outside`);
      outcome[codec][one === undefined ? 1 : 0]!++;
    }
    for (const counts of Object.values(outcome))
      for (const n of counts) expect(n).toBeGreaterThan(total * 0.02);
  });
});

describe("a damaged frame of one block larger than the room", () => {
  it("is decoded and refused by the scalar code", () => {
    const bytes = 9_000_000;
    const more = bytes - 2 - 19;
    const stream = [0x1f, 9, 1, 0, ...Array(Math.floor(more / 255)).fill(255), more % 255, 0x10, 5];
    const frame = new Uint8Array(24 + stream.length);
    const view = new DataView(frame.buffer);
    frame.set([2, 1, 0x31, 4]);
    [bytes, bytes, frame.length, 20, stream.length].forEach((value, i) => {
      view.setUint32(4 + 4 * i, value, true);
    });
    frame.set(stream, 24);
    const decoded = unblosc(frame, exactly(bytes));
    expect(Buffer.compare(decoded, new Uint8Array(bytes).fill(9).fill(5, bytes - 1))).toBe(0);
    frame[26] = 2;
    expect(attempt(() => unblosc(frame, exactly(bytes)))).toContain("lz4: a match 2 bytes back found");
  });
});
