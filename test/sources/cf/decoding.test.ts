import { describe, expect, it } from "vitest";
import { identity } from "../../../src/sources/cf/convertUnit.ts";
import { decodeValues } from "../../../src/sources/cf/decodeValues.ts";
import { decodingOf } from "../../../src/sources/cf/decoding.ts";
import { type Chunked, chunkedGroup } from "../grid/chunkedGroup.ts";

const decode = async (
  stored: number[],
  array: Partial<Chunked> & { dataType: string },
  conversion = identity,
  absentIsFill = false,
) => {
  const group = chunkedGroup({
    t: { dims: ["x"], shape: [stored.length], values: Float64Array.from(stored), ...array },
  });
  const decoding = decodingOf(await group.array("t"), { address: "store", conversion, absentIsFill });
  const values = decoding.plain ? Float32Array.from(stored) : Float64Array.from(stored);
  const infinite = decodeValues(values, decoding);
  return { values: [...values], infinite, decoding };
};

const attributes = (given: object) => ({ dataType: "float32", attributes: { ...given } });

describe("decodingOf and decodeValues", () => {
  it("masks the markers of the data's own precision, one or a list", async () => {
    const { values } = await decode(
      [1, Math.fround(1e20), -9999],
      attributes({ missing_value: [-9999, 1e20] }),
    );
    expect(values).toEqual([1, Number.NaN, Number.NaN]);
    expect((await decode([1, 5, 6], attributes({ _FillValue: 5, missing_value: 6 }))).values).toEqual([
      1,
      Number.NaN,
      Number.NaN,
    ]);
    expect((await decode([1, 9999], attributes({ _FillValue: "AAAAAICHw0A=" }))).values).toEqual([
      1,
      Number.NaN,
    ]);
    expect((await decode([1, 9999], attributes({ _FillValue: "NaN" }))).values).toEqual([1, 9999]);
  });

  it("masks the format's fill in version 2, not in version 3", async () => {
    const v2 = { dataType: "float32", fill: 0, fillIsMissing: true };
    expect((await decode([0, 1], v2)).values).toEqual([Number.NaN, 1]);
    expect((await decode([0, 1], { ...v2, fillIsMissing: false })).values).toEqual([0, 1]);
    // a store that leaves out chunks of the fill value holds it as data, unless it is packed
    expect((await decode([0, 1], v2, identity, true)).values).toEqual([0, 1]);
    const packed = {
      dataType: "int16",
      fill: -32767,
      fillIsMissing: true,
      attributes: { scale_factor: 0.5 },
    };
    expect((await decode([-32767, 2], packed, identity, true)).values).toEqual([Number.NaN, 1]);
  });

  it("takes markers and bounds of the stored type for those of the sign that _Unsigned declares", async () => {
    const unsigned = (given: object) => ({ dataType: "int8", attributes: { _Unsigned: "true", ...given } });
    expect((await decode([255, 1], unsigned({ _FillValue: -1 }))).values).toEqual([Number.NaN, 1]);
    expect((await decode([255, 1], unsigned({ missing_value: 255 }))).values).toEqual([Number.NaN, 1]);
    expect((await decode([250, 251, 0], unsigned({ valid_range: [0, -6] }))).values).toEqual([
      250,
      Number.NaN,
      0,
    ]);
    const signed = { dataType: "uint8", attributes: { _Unsigned: "false", _FillValue: 255 } };
    expect((await decode([-1, 1], signed)).values).toEqual([Number.NaN, 1]);
  });

  it("takes an end of a range that is NaN for no bound", async () => {
    expect((await decode([1, 2, 3], attributes({ valid_range: [Number.NaN, 2] }))).values).toEqual([
      1,
      2,
      Number.NaN,
    ]);
  });

  it("refuses bounds the wrong way round: they would leave nothing", async () => {
    const turned = attributes({ valid_range: [200, 10] });
    await expect(decode([100], turned)).rejects.toThrow(/valid_range of t is \[200,10\]/);
    await expect(decode([1], attributes({ valid_min: 2, valid_max: 1 }))).rejects.toThrow(
      /valid_min of t is 2/,
    );
  });

  it("masks before unpacking, and unpacks in float64", async () => {
    const packed = {
      dataType: "int16",
      attributes: { scale_factor: 0.01, add_offset: 290, _FillValue: 290 },
    };
    const { values, decoding } = await decode([290, 123, -1], packed);
    expect(values).toEqual([Number.NaN, 123 * 0.01 + 290, -1 * 0.01 + 290]);
    expect(decoding.plain).toBe(false);
  });

  it("masks outside the valid range, packed or unpacked, in the data's own precision", async () => {
    const range = attributes({ valid_range: [0.1, 330] });
    expect((await decode([Math.fround(0.1), 0, 331, 9.96921e36], range)).values).toEqual([
      Math.fround(0.1),
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect((await decode([1, 2, 3], attributes({ valid_min: 2, valid_max: [2] }))).values).toEqual([
      Number.NaN,
      2,
      Number.NaN,
    ]);
    const packed = { dataType: "int16", attributes: { scale_factor: 0.1, valid_range: [0, 2] } };
    expect((await decode([1, 2, 3], packed)).values).toEqual([0.1, 0.2, Number.NaN]);
    const unpacked = { dataType: "int16", attributes: { scale_factor: 0.1, valid_range: [0.1, 0.2] } };
    expect((await decode([0, 1, 2, 3], unpacked)).values).toEqual([Number.NaN, 0.1, 0.2, Number.NaN]);
  });

  it("tells infinite from missing", async () => {
    const inf = Number.POSITIVE_INFINITY;
    expect((await decode([1, inf], attributes({}))).infinite).toBe(true);
    expect((await decode([1, Number.NaN], attributes({}))).infinite).toBe(false);
    expect((await decode([1, inf], attributes({ valid_max: 10 }))).infinite).toBe(false);
    expect((await decode([1, inf], attributes({ missing_value: "Infinity" }))).infinite).toBe(false);
    expect((await decode([1, -inf], attributes({ scale_factor: 2 }))).infinite).toBe(true);
  });

  it("converts to the unit after unpacking", async () => {
    const conversion = { multiply: 1, divide: 1, add: 273.15 };
    const packed = { dataType: "int16", attributes: { scale_factor: 0.5 } };
    expect((await decode([3], packed, conversion)).values).toEqual([1.5 + 273.15]);
  });

  it.each([
    [{ scale_factor: "0.01" }, /scale_factor of t is "0.01"/],
    [{ add_offset: "1" }, /add_offset/],
    [{ scale_factor: 0 }, /scale_factor/],
    [{ scale_factor: [1, 2] }, /scale_factor/],
    [{ _FillValue: "none" }, /_FillValue of t is "none"/],
    [{ missing_value: [1, {}] }, /missing_value/],
    [{ valid_range: [1] }, /valid_range/],
    [{ valid_range: ["a", 2] }, /valid_range/],
    [{ valid_min: "low" }, /valid_min/],
  ])("refuses %j", async (given, message) => {
    await expect(decode([1], attributes(given))).rejects.toThrow(message);
  });
});
