import * as nodeZlib from "node:zlib";
import fc from "fast-check";
import Zstd from "numcodecs/zstd";
import { describe, expect, it } from "vitest";
import { wasmModule } from "../../../src/kernels/wasm/instance.ts";
import { code } from "../../../src/kernels/wasm/zstd.code.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { xxh64Low } from "../../../src/sources/codecs/xxh64.ts";
import {
  type FrameDecoder,
  ownFrame,
  unzstd,
  zstdDecode,
  zstdInto,
} from "../../../src/sources/codecs/zstd.ts";
import { zstdFrames } from "../../../src/sources/codecs/zstdFrame.ts";
import { wasmFrame, type ZstdExports } from "../../../src/sources/codecs/zstdWasm.ts";
import { describeShared } from "../../shared.ts";
import { bytesOf, type EncodedBuffer, encodedBuffers, faultOf } from "./buffers.ts";
import { mutated, seeded } from "./mutation.ts";

const total = process.env.EWB_SOAK === "1" ? 1_000_000 : 10_000;

/** The module alone: what it refuses is an error of its own kind. */
class Refused extends Error {}
const alone = wasmFrame(() => {
  throw new Refused();
});

type Outcome = { readonly bytes: Buffer } | { readonly refused: true };

const outcome = (encoded: Uint8Array, length: number, decode: FrameDecoder): Outcome => {
  const guarded = new Uint8Array(length + 128).fill(0xa5);
  const out = guarded.subarray(64, 64 + length);
  let refused = false;
  try {
    zstdInto(encoded, out, decode);
  } catch (error) {
    if (!(error instanceof Refused) && (error as { tag?: unknown }).tag !== "Codec") throw error;
    refused = true;
  }
  const outside = [...guarded.subarray(0, 64), ...guarded.subarray(64 + length)];
  if (outside.some((byte) => byte !== 0xa5)) throw new Error("wrote outside");
  return refused ? { refused } : { bytes: bytesOf(out) };
};

/** Both accept with the same bytes, or both refuse; returns whether they accept. */
const agree = (encoded: Uint8Array, length: number, what: string): boolean => {
  const wanted = outcome(encoded, length, ownFrame);
  const got = outcome(encoded, length, alone);
  if ("bytes" in wanted !== "bytes" in got) throw new Error(`${what}: one accepts, one refuses`);
  if ("bytes" in wanted && "bytes" in got && !wanted.bytes.equals(got.bytes)) {
    throw new Error(`${what}: other bytes`);
  }
  return "bytes" in wanted;
};

/** Streams of the blocks of blosc frames with zstd inside. */
const bloscStreams = ({ encoded }: EncodedBuffer): readonly { encoded: Uint8Array; length: number }[] => {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  const [flags, typesize, bytes, blocksize] = [
    encoded[2]!,
    encoded[3]!,
    view.getUint32(4, true),
    view.getUint32(8, true),
  ];
  if ((flags & 2) !== 0) return [];
  return Array.from({ length: Math.ceil(bytes / blocksize) }, (_, block) => {
    const size = Math.min(blocksize, bytes - block * blocksize);
    const split = (flags & 16) === 0 && typesize <= 16 && blocksize >= 128 * typesize && size === blocksize;
    const length = size / (split ? typesize : 1);
    let at = view.getUint32(16 + 4 * block, true);
    return Array.from({ length: split ? typesize : 1 }, () => {
      const stream = encoded.slice(at + 4, at + 4 + view.getUint32(at, true));
      at += 4 + stream.length;
      return { encoded: stream, length };
    }).filter((stream) => stream.encoded.length !== length);
  }).flat();
};

/** Data of all kinds: noise, few values, runs, floats that change slowly, text that comes again. */
const kinds: readonly ((random: () => number, i: number, before: Uint8Array) => number)[] = [
  (random) => random() * 256,
  (random) => random() ** 6 * 40,
  (random, i, before) => (i > 0 && random() < 0.98 ? before[i - 1]! : random() * 256),
  (random, i) => (i % 4 === 3 ? 67 : i % 4 === 2 ? 140 + Math.sin(i / 5000) * 20 : random() * 256),
  (random, i, before) => (i > 64 && random() < 0.9 ? before[i - 64]! : random() * 20 + 97),
  (random, i, before) => (i > 300_000 ? before[i - 300_000]! : random() * 256),
];
const made = (kind: number, length: number, seed: number): Uint8Array => {
  const random = seeded(seed);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = kinds[kind]!(random, i, bytes);
  return bytes;
};

const frame = (window: number, blocks: readonly Uint8Array[], checksum?: number): Uint8Array => {
  const head = [0x28, 0xb5, 0x2f, 0xfd, checksum === undefined ? 0 : 4, window];
  const tail = checksum === undefined ? [] : [0, 8, 16, 24].map((shift) => (checksum >>> shift) & 255);
  return Uint8Array.from([...head, ...blocks.flatMap((block) => [...block]), ...tail]);
};
const blockHead = (last: boolean, kind: number, size: number) => {
  const word = (last ? 1 : 0) | (kind << 1) | (size << 3);
  return [word & 255, (word >> 8) & 255, word >> 16];
};

describe("zstd in WebAssembly", () => {
  it("decodes what numcodecs writes at all levels, from 0 to 1 MB", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 22 }),
        fc.oneof(fc.nat(300), fc.nat(20_000), fc.nat(1_000_000)),
        fc.nat(kinds.length - 1),
        fc.nat(1000),
        async (level, length, kind, seed) => {
          const raw = made(kind, length, seed);
          const encoded = await new Zstd(level).encode(raw);
          const got = outcome(encoded, length, alone);
          expect("bytes" in got && got.bytes.equals(raw)).toBe(true);
        },
      ),
      { numRuns: process.env.EWB_SOAK === "1" ? 1000 : 30, seed: 5 },
    );
  });

  it("moves its window: content of many windows, the same bytes", { timeout: 60_000 }, async () => {
    for (const [level, kind] of [
      [1, 5],
      [3, 3],
      [1, 4],
    ] as const) {
      const raw = made(kind, 9_000_001, 3);
      const encoded = await new Zstd(level).encode(raw);
      expect(zstdFrames(encoded)[0]!.window).toBeLessThan(4_200_000);
      const got = outcome(encoded, raw.length, alone);
      expect("bytes" in got && got.bytes.equals(raw)).toBe(true);
    }
  });

  it("holds to the checksum, over windows and rests of a stripe", () => {
    for (const length of [1, 5, 31, 32, 45, 4000, 3_000_017]) {
      const raw = made(0, length, length);
      const blocks: Uint8Array[] = [];
      for (let at = 0; at < length; at += 100_003) {
        const part = raw.subarray(at, at + 100_003);
        blocks.push(Uint8Array.from([...blockHead(at + 100_003 >= length, 0, part.length), ...part]));
      }
      const good = frame(0x38, blocks, xxh64Low(raw));
      expect(agree(good, length, `${length} bytes`)).toBe(true);
      good[good.length - 1]! ^= 1;
      expect(agree(good, length, `${length} bytes, another sum`)).toBe(false);
    }
  });

  it("takes raw blocks, runs, several frames and skippable ones", () => {
    const runs = frame(0, [
      Uint8Array.from([...blockHead(false, 1, 70_000), 7]),
      Uint8Array.from([...blockHead(true, 0, 3), 1, 2, 3]),
    ]);
    const skipped = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9];
    const twice = Uint8Array.from([...skipped, ...runs, ...skipped, ...runs]);
    expect(agree(twice, 140_006, "two frames")).toBe(true);
    expect(agree(twice, 140_005, "a byte too few")).toBe(false);
    expect(agree(twice, 140_007, "a byte too many")).toBe(false);
  });

  it("gives the error of the decoder in JavaScript", () => {
    const bad = frame(0, [Uint8Array.from([...blockHead(true, 2, 3), 0, 0, 0])]);
    const fallback = wasmFrame(ownFrame);
    const [wanted, got] = [ownFrame, fallback].map((decode) =>
      faultOf(() => zstdDecode(bad, exactly(10), decode)),
    );
    expect(got!.message).toBe(wanted!.message);
  });
});

describeShared("zstd buffers of numcodecs, in WebAssembly", () => {
  const all = encodedBuffers();
  const whole = all.filter(({ config }) => config.id === "zstd");
  const streams = all
    .filter(({ config }) => config.id === "blosc" && config.cname === "zstd")
    .flatMap((buffer) => bloscStreams(buffer));

  it("decodes all, alone and within blosc", () => {
    for (const { id, encoded, raw } of whole) {
      const got = outcome(encoded, raw.length, alone);
      expect("bytes" in got && got.bytes.equals(raw), id).toBe(true);
      expect(bytesOf(unzstd(encoded, exactly(raw.length))).equals(raw), id).toBe(true);
    }
    for (const [i, { encoded, length }] of streams.entries()) {
      expect(agree(encoded, length, `stream ${i}`)).toBe(true);
    }
    expect([whole.length, streams.length]).toEqual([24, 73]);
  });

  it("accepts and refuses what the decoder in JavaScript does", { timeout: 60_000 + total * 2 }, () => {
    const random = seeded(21);
    const subjects = [
      ...whole.map(({ encoded, raw }) => ({ encoded, length: raw.length })),
      ...streams,
    ].filter(({ encoded, length }) => encoded.length < 20_000 && length < 70_000);
    let accepted = 0;
    for (let i = 0; i < total; i++) {
      const { encoded, length } = subjects[Math.floor(random() * subjects.length)]!;
      if (agree(mutated(encoded, random), length, `mutation ${i}`)) accepted++;
    }
    expect(accepted).toBeGreaterThan(total * 0.02);
    expect(accepted).toBeLessThan(total * 0.8);
  });

  it("writes nothing outside its window", () => {
    const { u8, base, run } = wasmModule<ZstdExports>(code)!.room(300_000);
    const random = seeded(4);
    const subjects = streams.filter(({ encoded }) => encoded.length < 20_000);
    for (let i = 0; i < 2000; i++) {
      const { encoded } = subjects[Math.floor(random() * subjects.length)]!;
      const blocks = zstdFrames(encoded)[0]!.blocks.filter(({ kind }) => kind === "compressed");
      const [from, to] = [base + 1000, base + 1000 + Math.floor(random() * 500)];
      const stop = to + Math.floor(random() * 131_073);
      u8.fill(0x5a, base);
      run.begin();
      for (const { at, length } of blocks) {
        const damaged = mutated(encoded.subarray(at, at + length), random).subarray(0, 131_072);
        u8.set(damaged, run.input());
        expect(run.block(damaged.length, from, to, stop)).toBeLessThanOrEqual(stop - to);
      }
      for (let at = base; at < to; at++) if (u8[at] !== 0x5a) throw new Error(`wrote ${to - at} before`);
      for (let at = stop + 64; at < base + 300_000; at += 7) {
        if (u8[at] !== 0x5a) throw new Error(`wrote ${at - stop} behind`);
      }
    }
  });

  it("gives what Node's own zstd gives, where it is there", () => {
    const native = (nodeZlib as { zstdDecompressSync?: (input: Uint8Array) => Uint8Array })
      .zstdDecompressSync;
    if (native === undefined) return;
    for (const { id, encoded, raw } of whole) expect(bytesOf(native(encoded)).equals(raw), id).toBe(true);
  });
});
