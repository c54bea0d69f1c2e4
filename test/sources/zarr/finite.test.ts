/** What is known to be finite is; what is not looked at while it is decoded is not known to be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bloscFrame } from "../../../bench/stores/bloscFrame.ts";
import { decoderV2 } from "../../../src/sources/codecs/chain.ts";
import { fresh, type Seen } from "../../../src/sources/codecs/step.ts";
import type { StoredChunk } from "../../../src/sources/storedArray.ts";
import { FrameGuess } from "../../../src/sources/zarr/frameGuess.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { readSome } from "../../../src/sources/zarr/readSome.ts";
import { describeShared } from "../../shared.ts";
import { encodedBuffers } from "../codecs/buffers.ts";
import { testContext } from "../grid/openTest.ts";
import { memoryStore } from "./memoryStore.ts";

const lz4 = { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 };
const decoderOf = (count: number, compressor: object | null = lz4) =>
  decoderV2({ dtype: "<f4", compressor, filters: null, order: "C", chunks: [count] });

const hasInfinite = (values: ArrayLike<number | bigint>): boolean => {
  for (let i = 0; i < values.length; i++) if (Math.abs(Number(values[i])) === Infinity) return true;
  return false;
};

/** Of all bits there are but infinite; some are NaN, some next to infinite. */
const field = (count: number, seed: number, alike: number): Float32Array => {
  const bits = new Uint32Array(count);
  const odd = [
    0x7f7fffff, 0xff7fffff, 0x7fc00000, 0xffc00000, 0x7f800001, 0xff810000, 0x7e800000, 0x00800000,
  ];
  for (let i = 0; i < count; i++) {
    const one = Math.imul(Math.floor(i / alike) + seed, 0x9e3779b1) >>> 0;
    bits[i] = one % 97 === 0 ? odd[one % odd.length]! : (one & 0x7fffffff) === 0x7f800000 ? 0 : one;
  }
  return new Float32Array(bits.buffer);
};

const span = (count: number) =>
  fc.tuple(fc.nat(count), fc.nat(count)).map(([a, b]) => ({
    start: Math.min(a, b, count - 1),
    stop: Math.max(a, b, Math.min(a, b, count - 1) + 1),
  }));

describe("float32 in blosc frames", () => {
  // Blocks of 131 072 elements, tiles of 32 768, sixteens, and what is left of each.
  const counts = fc.oneof(fc.integer({ min: 200, max: 270 }), fc.integer({ min: 30_000, max: 300_000 }));
  const cases = counts.chain((count) =>
    fc.record({
      count: fc.constant(count),
      seed: fc.nat(1e6),
      alike: fc.constantFrom(1, 16, 500),
      endless: fc.array(
        fc.tuple(fc.oneof(fc.nat(count - 1), fc.integer({ min: count - 3, max: count - 1 })), fc.boolean()),
        { maxLength: 2 },
      ),
      parts: fc.array(span(count), { minLength: 1, maxLength: 3 }),
    }),
  );

  it("are known to be finite where, and only where, they are: the whole and parts of it", async () => {
    let [yes, no] = [0, 0];
    const tell = (values: StoredChunk["values"], finite: boolean | undefined) => {
      expect(finite).toBe(hasInfinite(values) ? undefined : true);
      if (finite) yes += 1;
      else no += 1;
    };
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, seed, alike, endless, parts }) => {
        const values = field(count, seed, alike);
        for (const [at, negative] of endless) values[at] = negative ? -Infinity : Infinity;
        const frame = bloscFrame(values);
        const decoder = decoderOf(count);
        const seen: Seen = {};
        tell(decoder.decode(frame, fresh, seen) as Float32Array, seen.finite);
        const spans = parts.toSorted((a, b) => a.start - b.start).slice(0, 1);
        const store = memoryStore({ "u/0": frame });
        const part = { name: "", spans, bytes: 0, encoded: 0 };
        const options = { guess: new FrameGuess(4), buffers: fresh, most: 1e9 };
        const own = await readSome(store, "u/0", decoder.parts!, part, options);
        const { start, stop } = spans[0]!;
        expect(Buffer.from(own!.values.buffer).equals(Buffer.from(values.slice(start, stop).buffer))).toBe(
          true,
        );
        tell(own!.values, own!.finite);
        // Of several that are read together only what holds for all is known.
        const taken: StoredChunk[] = [];
        const beside = parts.map((one) => ({
          spans: [one],
          take: (chunk: StoredChunk) => void taken.push(chunk),
        }));
        const first = await readSome(store, "u/0", decoder.parts!, part, { ...options, beside });
        const all = [first!, ...taken];
        const isAny = all.some((chunk) => hasInfinite(chunk.values));
        expect(all.map(({ finite }) => finite)).toEqual(all.map(() => (isAny ? undefined : true)));
      }),
      { numRuns: 40 },
    );
    expect([yes > 5, no > 5]).toEqual([true, true]);
  });
});

it("is not known of elements that two blocks share", () => {
  // Three blocks of 6 bytes, each one stream that was not compressed: one element shuffled, half of one as it is.
  const bytes = new Uint8Array(Float32Array.of(1, Infinity, 2, 3).buffer);
  const sizes = [6, 6, 4];
  const frame = new Uint8Array(16 + 3 * 4 + 3 * 4 + bytes.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 1, 0x31, 4]);
  [bytes.length, 6, frame.length].forEach((size, i) => {
    view.setUint32(4 + 4 * i, size, true);
  });
  let [at, from] = [28, 0];
  for (const [block, size] of sizes.entries()) {
    view.setUint32(16 + 4 * block, at, true);
    view.setUint32(at, size, true);
    frame.set(bytes.subarray(from, from + size), at + 4);
    at += 4 + size;
    from += size;
  }
  const seen: Seen = {};
  expect([...decoderOf(4).decode(frame, fresh, seen)]).toEqual([1, Infinity, 2, 3]);
  expect(seen).toEqual({});
});

describeShared("blosc frames of numcodecs, taken for float32", () => {
  it("are never known to be finite where they are not", () => {
    const known = new Set<string>();
    for (const { config, encoded, raw, id } of encodedBuffers()) {
      if (config.id !== "blosc" || raw.length % 4 !== 0) continue;
      const seen: Seen = {};
      const values = decoderOf(raw.length / 4, config).decode(encoded, fresh, seen) as Float32Array;
      if (!seen.finite) continue;
      if (hasInfinite(values)) expect.fail(id);
      // The typesize of the frame, and its shuffle.
      expect(encoded[3], id).toBe(4);
      known.add((encoded[2]! & 4) !== 0 ? "bit" : "byte");
    }
    expect([...known].sort()).toEqual(["bit", "byte"]);
  });
});

describe("chunks of a store", () => {
  const count = 400_000;
  const values = field(count, 5, 16);
  const swapped = () => new Float32Array(Buffer.from(values.slice().buffer).swap32().buffer, 0, count);
  const copied = () => {
    const raw = new Uint8Array(values.buffer);
    const frame = new Uint8Array(16 + raw.length);
    frame.set([2, 1, 0x23, 4]);
    [raw.length, raw.length, frame.length].forEach((size, i) => {
      new DataView(frame.buffer).setUint32(4 + 4 * i, size, true);
    });
    frame.set(raw, 16);
    return frame;
  };
  const v2 = (more: object) => ({
    ".zgroup": { zarr_format: 2 },
    "u/.zarray": {
      ...{ zarr_format: 2, shape: [count], chunks: [count], dtype: "<f4", compressor: lz4, filters: null },
      ...{ fill_value: null, order: "C", ...more },
    },
    "u/.zattrs": { _ARRAY_DIMENSIONS: ["x"] },
  });
  const v3 = (endian: string, ...more: object[]) => ({
    "zarr.json": { zarr_format: 3, node_type: "group", attributes: {} },
    "u/zarr.json": {
      ...{ zarr_format: 3, node_type: "array", attributes: {}, shape: [count], data_type: "float32" },
      chunk_grid: { name: "regular", configuration: { chunk_shape: [count] } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: 0,
      codecs: [
        { name: "bytes", configuration: { endian } },
        {
          name: "blosc",
          configuration: { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 4, blocksize: 0 },
        },
        ...more,
      ],
      dimension_names: ["x"],
    },
  });
  const frame = () => bloscFrame(values);
  const delta = { filters: [{ id: "delta", dtype: "<f4" }] };
  it.each([
    ["float32", v2({}), "u/0", frame, true],
    ["float32 of zarr 3", v3("little"), "u/c/0", frame, true],
    ["raw", v2({ compressor: null }), "u/0", () => new Uint8Array(values.buffer), undefined],
    ["only copied", v2({}), "u/0", copied, undefined],
    ["high byte first", v2({ dtype: ">f4" }), "u/0", () => bloscFrame(swapped()), undefined],
    ["high byte first, zarr 3", v3("big"), "u/c/0", () => bloscFrame(swapped()), undefined],
    ["integers", v2({ dtype: "<i4" }), "u/0", frame, undefined],
    ["float64", v2({ dtype: "<f8", shape: [count / 2], chunks: [count / 2] }), "u/0", frame, undefined],
    ["differences", v2(delta), "u/0", frame, undefined],
  ])("%s", async (name, metadata, key, object, expected) => {
    const store = memoryStore({ ...metadata, [key]: object() });
    const array = await (await openZarr(store, testContext().context)).array("u");
    const whole = await array.chunk([0], {});
    expect(whole!.finite).toBe(expected);
    const part = array.part?.([{ start: 10, stop: 20_000 }]);
    expect(part === undefined).toBe(name === "differences");
    if (part !== undefined) expect((await array.chunk([0], { part }))!.finite).toBe(expected);
  });
});
