import { describe, expect, it } from "vitest";
import { elementTypeV2 } from "../../../src/sources/codecs/elementType.ts";
import { parseFill } from "../../../src/sources/zarr/fillValue.ts";

const fill = (value: unknown, dtype: string) => parseFill(value, elementTypeV2(dtype));

describe("parseFill", () => {
  it.each([
    [null, "<f4", null],
    [undefined, "<f4", null],
    [0, "<f4", 0],
    ["NaN", "<f4", Number.NaN],
    [Number.NaN, "<f8", Number.NaN],
    ["Infinity", "<f8", Number.POSITIVE_INFINITY],
    ["-Infinity", "<f2", Number.NEGATIVE_INFINITY],
    ["0x7fc00000", "<f4", Number.NaN],
    ["0x7FF8000000000000", ">f8", Number.NaN],
    ["0x3f800000", "<f4", 1],
    ["0x3c00", "<f2", 1],
    ["0xfe00", "<f2", Number.NaN],
    ["0xfbff", "<f2", -65504],
    ["0x0001", "<f2", 2 ** -24],
    ["AAAAAAAA+H8=", "<f8", Number.NaN],
    ["AACAPw==", ">f4", 1],
    ["-9999.0", "<f8", -9999],
    [1e20, "<f4", Math.fround(1e20)],
    [0.1, "<f4", Math.fround(0.1)],
    [0.1, "<f8", 0.1],
    [0.1, "<f2", 0.0999755859375],
    [2049, "<f2", 2048],
    [2051, "<f2", 2052],
    [1e6, "<f2", Number.POSITIVE_INFINITY],
    [-32767, "<i2", -32767],
    ["-1", "|i1", -1],
    [255, "|u1", 255],
    [true, "|b1", 1],
    [0, "|b1", 0],
    [-9223372036854775808n, "<i8", -9223372036854775808n],
    [5, "<i8", 5n],
    ["NaT", "<M8[ns]", -(2n ** 63n)],
    [0, "<m8[h]", 0n],
    ["AQA=", "<i2", 1],
    ["//8=", "<i2", -1],
    [18446744073709551615n, "<u8", 18446744073709551615n],
  ])("reads %s of %s as %s", (value, dtype, expected) => {
    expect(fill(value, dtype)).toBe(expected);
  });

  it.each([
    ["none", "<f4"],
    ["0x7fc0", "<f4"],
    ["AACAPw==", "<f8"],
    [[0], "<f4"],
    [true, "<f4"],
    ["NaN", "<i4"],
    [1.5, "<i4"],
    [40000, "<i2"],
    [-1, "|u1"],
    [2, "|b1"],
    ["NaT", "<i8"],
    [{}, "<i4"],
    ["", "<f8"],
  ])("refuses %s of %s", (value, dtype) => {
    expect(() => fill(value, dtype)).toThrow(/fill_value .* found, a value of/);
  });
});
