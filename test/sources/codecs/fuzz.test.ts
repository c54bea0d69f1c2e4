import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ChunkDecoder, decoderV2, decoderV3 } from "../../../src/sources/codecs/chain.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { snappyBlock } from "../../../src/sources/codecs/snappy.ts";
import { ownFrame, zstdDecode } from "../../../src/sources/codecs/zstd.ts";
import { describeShared } from "../../shared.ts";
import { bytesOf, encodedBuffers, refused } from "./buffers.ts";
import { mutated, seeded } from "./mutation.ts";

const total = process.env.EWB_SOAK === "1" ? 1_000_000 : 10_000;

interface Subject {
  readonly name: string;
  readonly encoded: Uint8Array;
  readonly length: number;
  readonly decode: (encoded: Uint8Array) => { readonly length: number };
}

/** Every outcome is either the right length or a CodecError, and comes soon. */
function soak(
  subjects: readonly Subject[],
  times: number,
  seed: number,
): { decoded: number; refused: number } {
  const random = seeded(seed);
  const outcome = { decoded: 0, refused: 0 };
  let slowest = 0;
  for (let i = 0; i < times; i++) {
    const subject = subjects[Math.floor(random() * subjects.length)]!;
    const damaged = mutated(subject.encoded, random);
    const began = performance.now();
    try {
      const { length } = subject.decode(damaged);
      if (length !== subject.length) throw new Error(`${length} elements for ${subject.length}`);
      outcome.decoded++;
    } catch (error) {
      if ((error as { tag?: unknown }).tag !== "Codec") {
        throw new Error(`mutation ${i} of ${subject.name}`, { cause: error });
      }
      outcome.refused++;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  expect(slowest).toBeLessThan(5000);
  return outcome;
}

const limit = { timeout: total };

describeShared("damaged buffers", () => {
  const small = encodedBuffers().filter(
    ({ config, encoded, raw }) =>
      !refused.includes(config.id) && encoded.length < 60000 && raw.length < 130000,
  );
  const subjects = small.map(({ id, config, encoded, raw }): Subject => {
    const meta = {
      dtype: "|u1",
      compressor: config,
      filters: null,
      order: "C",
      chunks: [raw.length],
    } as const;
    const decoder: ChunkDecoder = decoderV2(meta);
    return { name: `${id} ${JSON.stringify(config)}`, encoded, length: raw.length, decode: decoder.decode };
  });
  const own = small
    .filter(({ config }) => config.id === "zstd")
    .map(({ id, encoded, raw }): Subject => {
      const decode = (bytes: Uint8Array) => zstdDecode(bytes, exactly(raw.length), ownFrame);
      return { name: `${id} own zstd`, encoded, length: raw.length, decode };
    });

  it("of numcodecs: the right length or a CodecError", limit, () => {
    const { decoded, refused } = soak(subjects, total * 0.7, 1);
    expect(decoded).toBeGreaterThan(total * 0.02);
    expect(refused).toBeGreaterThan(total * 0.3);
  });

  it("of zstd, by our own decoder", limit, () => {
    expect(soak(own, total * 0.1, 2).refused).toBeGreaterThan(0);
  });
});

describe("damaged chains", () => {
  it("of Zarr 3: the right length or a CodecError, and no change passes a crc32c", limit, () => {
    const values = Float32Array.from({ length: 600 }, (_, i) => 280 + Math.sin(i / 9));
    const little = { name: "bytes", configuration: { endian: "little" } };
    const order = { name: "transpose", configuration: { order: [2, 0, 1] } };
    const chains = [
      [little],
      [order, { name: "bytes", configuration: { endian: "big" } }],
      [order, little, "gzip"],
    ];
    const subjects = chains.map((codecs): Subject => {
      const encoded =
        codecs.length === 3 ? new Uint8Array(gzipSync(bytesOf(values))) : new Uint8Array(bytesOf(values));
      const decoder = decoderV3({ dataType: "float32", codecs, chunkShape: [10, 6, 10] });
      return { name: JSON.stringify(codecs), encoded, length: 600, decode: decoder.decode };
    });
    soak(subjects, total * 0.1, 3);
  });

  it("of snappy, in and out of range", limit, () => {
    const encoded = Uint8Array.of(
      200,
      1,
      0xf0,
      19,
      ...Array(20).fill(7),
      ...Array(45).fill([0x01, 3]).flat(),
    );
    const decode = (bytes: Uint8Array) => {
      const out = new Uint8Array(208).fill(170);
      snappyBlock(bytes, 0, bytes.length, out, 4, 204);
      if (out[3] !== 170 || out[204] !== 170) throw new Error("wrote outside");
      return { length: 200 };
    };
    expect(decode(encoded).length).toBe(200);
    soak([{ name: "snappy", encoded, length: 200, decode }], total * 0.1, 4);
  });
});
