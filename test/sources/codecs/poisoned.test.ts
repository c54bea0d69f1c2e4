import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ChunkDecoder, decoderV2, decoderV3 } from "../../../src/sources/codecs/chain.ts";
import { liesIn } from "../../../src/sources/codecs/step.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
import { describeShared } from "../../shared.ts";
import { bytesOf, encodedBuffers, refused } from "./buffers.ts";
import { mutated, seeded } from "./mutation.ts";

const attempt = (decode: () => ArrayBufferView) => {
  try {
    return { bytes: bytesOf(decode()) };
  } catch (error) {
    return { error: (error as Error).message };
  }
};

/** What came of it is the same with buffers that hold garbage; none is kept but the one the values lie in. */
const agree = (decoder: ChunkDecoder, encoded: Uint8Array, what: string) => {
  const buffers = countedBuffers();
  const before = buffers.take(encoded.length);
  before.set(encoded);
  const wanted = attempt(() => decoder.decode(encoded.slice()));
  let values: ArrayBufferView | undefined;
  const got = attempt(() => {
    values = decoder.decode(before, buffers);
    return values;
  });
  expect(got.error, what).toBe(wanted.error);
  if (wanted.bytes !== undefined) expect(got.bytes!.equals(wanted.bytes), what).toBe(true);
  if (!liesIn(values, before)) {
    buffers.give(before);
    if (wanted.bytes !== undefined) expect(bytesOf(values!).equals(wanted.bytes), what).toBe(true);
  }
  expect(buffers.out, `${what}: buffers that are kept`).toBeLessThanOrEqual(values === undefined ? 0 : 1);
  if (buffers.out === 1) {
    buffers.give(new Uint8Array(values!.buffer, values!.byteOffset, values!.byteLength));
    expect(buffers.out, `${what}: the values lie in what is kept`).toBe(0);
  }
  expect(buffers.faults, what).toEqual([]);
  return buffers.taken;
};

const plain = { filters: null, order: "C", dtype: "|u1" } as const;

describeShared("decoders with buffers that hold garbage", () => {
  const inScope = encodedBuffers().filter(({ config }) => !refused.includes(config.id));

  it("give the same, and give back what they take", () => {
    let taken = 0;
    for (const { id, config, encoded, raw } of inScope) {
      taken += agree(decoderV2({ ...plain, compressor: config, chunks: [raw.length] }), encoded, id) - 1;
    }
    expect(taken).toBeGreaterThan(300);
  });

  it("also of numbers, in either order, transposed", () => {
    for (const { id, dtype, config, encoded, raw } of inScope) {
      if (!/^[<>|][fi][248]$/.test(dtype) || raw.length % (4 * Number(dtype[2])) !== 0) continue;
      const chunks = [2, raw.length / Number(dtype[2]) / 4, 2];
      for (const order of ["C", "F"] as const) {
        agree(decoderV2({ ...plain, dtype, compressor: config, chunks, order }), encoded, `${id} ${order}`);
      }
    }
  });

  it("fail alike for damaged chunks, and keep nothing", () => {
    const random = seeded(11);
    let failed = 0;
    for (const { id, config, encoded, raw } of inScope) {
      const decoder = decoderV2({ ...plain, compressor: config, chunks: [raw.length] });
      for (let i = 0; i < 6; i++) {
        const damaged = mutated(encoded, random);
        agree(decoder, damaged, `${id}, damage ${i}`);
        if (attempt(() => decoder.decode(damaged)).error !== undefined) failed += 1;
      }
    }
    expect(failed).toBeGreaterThan(1000);
  });
});

describe("chains with buffers that hold garbage", () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i * 1.5);
  const shuffled = (bytes: Uint8Array, width: number) => {
    const n = bytes.length / width;
    return Uint8Array.from(bytes, (_, i) => bytes[(i % n) * width + Math.floor(i / n)]!);
  };
  const shuffle = { id: "shuffle", elementsize: 4 };

  it("of several steps: each gives its buffer back to the next", () => {
    const raw = bytesOf(values);
    const twice = shuffled(shuffled(raw, 4), 4);
    const meta = { dtype: "<f4", filters: [shuffle, shuffle], chunks: [2, 3, 4], order: "F" } as const;
    const encoders = [
      ["zlib", deflateSync],
      ["gzip", gzipSync],
    ] as const;
    for (const [id, encode] of encoders) {
      const decoder = decoderV2({ ...meta, compressor: { id } });
      expect(agree(decoder, new Uint8Array(encode(twice)), id)).toBe(4);
      agree(decoder, new Uint8Array(encode(twice)).subarray(0, 30), `${id}, cut`);
      agree(decoder, new Uint8Array(encode(twice.subarray(4))), `${id}, too short`);
    }
    agree(decoderV2({ ...meta, compressor: null }), twice, "no compressor");
  });

  it("that change nothing: the values are a view of what was read", () => {
    const codecs = [{ name: "bytes", configuration: { endian: "little" } }];
    const decoder = decoderV3({ dataType: "float32", codecs, chunkShape: [24] });
    expect(agree(decoder, bytesOf(values), "plain")).toBe(1);
    const swapped = decoderV3({
      dataType: "float32",
      codecs: [{ name: "bytes", configuration: { endian: "big" } }],
      chunkShape: [24],
    });
    agree(swapped, Buffer.from(bytesOf(values)).swap32(), "big");
  });
});
