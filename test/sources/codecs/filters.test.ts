import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adler32 } from "../../../src/sources/codecs/adler32.ts";
import { decoderV2 } from "../../../src/sources/codecs/chain.ts";
import { verifyCrc32c } from "../../../src/sources/codecs/checksum.ts";
import { crc32c } from "../../../src/sources/codecs/crc32c.ts";
import type { TypedArray } from "../../../src/sources/codecs/elements.ts";
import { fletcher32 } from "../../../src/sources/codecs/fletcher32.ts";
import { bytesOf, faultOf } from "./buffers.ts";

const filtered = (dtype: string, chunks: number[], ...filters: object[]) =>
  decoderV2({ dtype, chunks, filters, compressor: null, order: "C" });
const ascii = (text: string) => new Uint8Array(Buffer.from(text));

describe("checksums", () => {
  it("agree with published values", () => {
    expect(crc32c(ascii("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(adler32(ascii("Wikipedia"))).toBe(0x11e60398);
    expect(fletcher32(Uint8Array.of())).toBe(0);
  });

  it.each([
    ["crc32", "start"],
    ["crc32", "end"],
    ["adler32", "start"],
    ["crc32c", "end"],
    ["crc32c", "start"],
    ["fletcher32", "end"],
  ])("%s at the %s: any changed bit is found", (id, location) => {
    const content = ascii("forecast");
    const decoder = filtered("|u1", [8], { id, location });
    // The right sum stands in the message of a wrong one.
    const blank = new Uint8Array(12);
    blank.set(content, location === "start" ? 4 : 0);
    const sum = Number.parseInt(
      /checksum ([0-9a-f]+)/.exec(faultOf(() => decoder.decode(blank)).found)![1]!,
      16,
    );
    new DataView(blank.buffer).setUint32(location === "start" ? 0 : 8, sum, true);
    expect(bytesOf(decoder.decode(blank)).toString()).toBe("forecast");
    for (let bit = 0; bit < 96; bit++) {
      const flipped = blank.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(faultOf(() => decoder.decode(flipped)).codec).toBe(id);
    }
    expect(faultOf(() => decoder.decode(blank.subarray(0, 3))).message).toContain(
      "3 bytes found, 12 expected",
    );
  });

  it("verify an index by itself", () => {
    expect([...verifyCrc32c(Uint8Array.of(...ascii("123456789"), 0x83, 0x92, 0x06, 0xe3))]).toEqual([
      ...ascii("123456789"),
    ]);
    expect(faultOf(() => verifyCrc32c(Uint8Array.of(1, 2, 3))).message).toContain("3 bytes found");
  });
});

describe("shuffle", () => {
  it("undoes the shuffle of any width, at any place", () => {
    const data = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.uint8Array({ minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(data, ([width, seed]) => {
        const n = seed.length;
        const raw = Uint8Array.from({ length: n * width }, (_, i) => seed[i % n]! ^ (i * 7));
        const shuffled = Uint8Array.from(raw, (_, i) => raw[(i % n) * width + Math.floor(i / n)]!);
        const decoder = filtered("|u1", [raw.length], { id: "shuffle", elementsize: width });
        expect([...decoder.decode(shuffled)]).toEqual([...raw]);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("takes whole elements only", () => {
    const decoder = filtered("|u1", [7], { id: "shuffle", elementsize: 4 });
    expect(faultOf(() => decoder.decode(new Uint8Array(7))).message).toContain(
      "a multiple of the element size 4",
    );
  });
});

describe("conversions", () => {
  const cases: [string, object, TypedArray, (number | bigint)[]][] = [
    ["<i2", { id: "delta", dtype: "<i2", astype: "|i1" }, Int8Array.of(100, 100, -1), [100, 200, 199]],
    ["|i1", { id: "delta", dtype: "|i1" }, Int8Array.of(100, 100), [100, -56]],
    ["<i8", { id: "delta", dtype: "<i8" }, BigInt64Array.of(2n, -3n, 1n), [2n, -1n, 0n]],
    ["<f4", { id: "delta", dtype: "<f4" }, Float32Array.of(16777216, 1, 1), [16777216, 16777216, 16777216]],
    ["<f8", { id: "delta", dtype: "<f8", astype: "<f4" }, Float32Array.of(16777216, 1), [16777216, 16777217]],
    [
      "<f4",
      { id: "fixedscaleoffset", scale: 10, offset: 1000, dtype: "<f4", astype: "|u1" },
      Uint8Array.of(0, 3),
      [1000, Math.fround(1000.3)],
    ],
    [
      "<i4",
      { id: "fixedscaleoffset", scale: 4, offset: 0, dtype: "<i4", astype: "<f4" },
      Float32Array.of(7, -7),
      [1, -1],
    ],
    [
      "<f8",
      { id: "fixedscaleoffset", scale: 3, offset: 273.15, dtype: "<f8", astype: "<f4" },
      Float32Array.of(2),
      [273.816650390625],
    ],
    ["<f8", { id: "astype", encode_dtype: "<f2", decode_dtype: "<f8" }, Uint16Array.of(0x3c00), [1]],
    ["|b1", { id: "astype", encode_dtype: "<i4", decode_dtype: "|b1" }, Int32Array.of(0, 256), [0, 1]],
    ["<i4", { id: "astype", encode_dtype: "<f8", decode_dtype: "<i4" }, Float64Array.of(-1.9, 2.9), [-1, 2]],
    [
      "<i8",
      { id: "astype", encode_dtype: "<f8", decode_dtype: "<i8" },
      Float64Array.of(-1.9, NaN),
      [-1n, -(2n ** 63n)],
    ],
    [
      "<i4",
      { id: "astype", encode_dtype: "<i8", decode_dtype: "<i4" },
      BigInt64Array.of(2n ** 32n + 5n),
      [5],
    ],
    ["<f8", { id: "quantize", digits: 2, dtype: "<f8", astype: "<f4" }, Float32Array.of(0.25), [0.25]],
    ["<f2", { id: "quantize", digits: 2, dtype: "<f2" }, Uint16Array.of(0x3c00), [1]],
    ["<f2", { id: "bitround", keepbits: 3 }, Uint16Array.of(0x3c00), [1]],
    ["|b1", { id: "packbits" }, Uint8Array.of(4, 144), [1, 0, 0, 1]],
  ];
  it.each(cases)("%s %j", (dtype, filter, stored, values) => {
    expect([...filtered(dtype, [values.length], filter).decode(bytesOf(stored))]).toEqual(values);
  });

  it("keep the byte order that each type states", () => {
    const filter = { id: "astype", encode_dtype: ">i2", decode_dtype: ">f4" };
    expect([...filtered(">f4", [2], filter).decode(Uint8Array.of(0, 1, 1, 0))]).toEqual([1, 256]);
  });

  it.each([
    [{ id: "delta" }, "delta: no dtype found"],
    [{ id: "delta", dtype: "|O" }, 'delta: dtype "|O" found'],
    [{ id: "delta", dtype: "<f2" }, 'delta: dtype "<f2" found'],
    [{ id: "astype", encode_dtype: "<i2" }, "astype: no decode_dtype found"],
    [{ id: "astype", encode_dtype: "<M8[s]", decode_dtype: "<i8" }, "astype: encode_dtype"],
    [{ id: "fixedscaleoffset", dtype: "<f4", scale: "10", offset: 0 }, 'fixedscaleoffset: scale "10" found'],
    [
      { id: "fixedscaleoffset", dtype: "<f8", scale: 1, offset: 0 },
      "fixedscaleoffset: 12 decoded bytes found",
    ],
    [{ id: "crc32", location: "middle" }, 'crc32: location "middle" found, start or end expected'],
  ])("refuse %j", (filter, message) => {
    expect(faultOf(() => filtered("<f4", [3], filter)).message).toContain(message);
  });

  it("packbits: the padding must agree with the chunk", () => {
    const decoder = filtered("|b1", [4], { id: "packbits" });
    expect(faultOf(() => decoder.decode(Uint8Array.of(3, 144))).message).toBe(
      "packbits: 5 bytes found, 4 expected",
    );
    expect(faultOf(() => decoder.decode(Uint8Array.of(9, 144))).message).toContain("9 bits of padding");
  });
});
