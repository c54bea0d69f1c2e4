import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEwbError } from "../../../src/model/errors.ts";
import { daysOf } from "../../../src/sources/cf/calendar.ts";
import { decodeLeads } from "../../../src/sources/cf/decodeLeads.ts";
import { decodeTimes } from "../../../src/sources/cf/decodeTimes.ts";
import type { StoredValues } from "../../../src/sources/storedArray.ts";

const axis = (
  values: StoredValues,
  attributes: Record<string, unknown>,
  dataType = "float64",
  fill: number | bigint | null = null,
) => ({ values, attributes, dataType, fill, source: "store", variable: "axis" });

const time = (count: number, units: string, calendar?: string) =>
  decodeTimes(axis(Float64Array.of(count), { units, ...(calendar ? { calendar } : {}) }))[0];

const spellings: Record<string, string[]> = {
  "86400000": ["days", "day", "d", "Days"],
  "3600000": ["hours", "hour", "hr", "hrs", "h", "Hours"],
  "60000": ["minutes", "minute", "min", "mins"],
  "1000": ["seconds", "second", "sec", "secs", "s"],
  "1": ["milliseconds", "millisecond", "msec", "msecs", "ms", "millisecs"],
  "0.001": ["microseconds", "microsecond", "us", "µs", "microsecs"],
  "0.000001": ["nanoseconds", "nanosecond", "ns", "nsec"],
};

describe("decodeTimes", () => {
  it("gives back every instant written in any unit, from any reference", () => {
    const milliseconds = fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2140, 0, 1) });
    fc.assert(
      fc.property(
        milliseconds,
        milliseconds.map((value) => Math.floor(value / 60000) * 60000),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.constantFrom(...Object.keys(spellings)),
        (instant, reference, zone, length) => {
          const iso = new Date(reference + zone * 60000).toISOString().replace("Z", "");
          const sign = zone < 0 ? "-" : "+";
          const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60];
          const offset = `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
          const units = `${spellings[length]![0]} since ${iso}${offset}`;
          const nanoseconds = BigInt(instant - reference) * 1_000_000n;
          if (Number(length) < 1) {
            const count = nanoseconds / BigInt(Math.round(Number(length) * 1e6));
            const values = BigInt64Array.of(count);
            expect(decodeTimes(axis(values, { units }, "int64"))[0]).toBe(instant);
          } else {
            const values = Float64Array.of((instant - reference) / Number(length));
            expect(decodeTimes(axis(values, { units }))[0]).toBe(instant);
          }
        },
      ),
    );
  });

  it("knows every spelling of a unit", () => {
    for (const [length, names] of Object.entries(spellings)) {
      for (const name of names) {
        const count = 8_640_000_000 / Number(length);
        expect(time(count, `${name} since 1970-01-01`), name).toBe(8_640_000_000);
      }
    }
  });

  it("knows every way to write the reference", () => {
    const expected = Date.UTC(1900, 0, 1, 6);
    for (const reference of [
      "1900-01-01 06:00:0.0",
      "1900-1-1 6",
      "1900-01-01T06:00:00Z",
      "1900-01-01T06:00:00.000Z",
      "1900-01-01 06:00:00 UTC",
      "1900-01-01 07:30:00 +01:30",
      "1900-01-01T07:30:00+0130",
      "1900-01-01 00:00 -6",
      "19000101T060000",
      "1900-01-01 06Z",
    ]) {
      expect(time(0, `hours since ${reference}`), reference).toBe(expected);
    }
    expect(time(1, "milliseconds since 1970-01-01 00:00:00.25")).toBe(251);
  });

  it("is Julian before 15 October 1582 in the standard calendar only", () => {
    expect(time(0, "days since 1582-10-15")).toBe(time(1, "days since 1582-10-04"));
    expect(time(48, "hours since 1-1-1 00:00:0.0", "gregorian")).toBe(
      time(0, "hours since 0001-01-01", "proleptic_gregorian"),
    );
    expect(daysOf(1, 1, 1, "standard")).toBe(-719164);
    expect(daysOf(1, 1, 1, "proleptic_gregorian")).toBe(-719162);
    expect(daysOf(1582, 10, 10, "standard")).toBeUndefined();
    expect(daysOf(0, 1, 1, "standard")).toBeUndefined();
    expect(daysOf(1900, 2, 29, "standard")).toBeUndefined();
    expect(daysOf(1500, 2, 29, "standard")).toBeDefined();
    expect(daysOf(-4713, 1, 1, "standard")).toBe(-2440588);
  });

  it("agrees with the days of Date in the proleptic calendar", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(-5e13), max: new Date(2e14), noInvalidDate: true }), (date) => {
        const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        expect(daysOf(y, m, d, "proleptic_gregorian")).toBe(Math.floor(date.getTime() / 86_400_000));
      }),
    );
  });

  it("keeps all digits of 64-bit integers, and rounds to the millisecond", () => {
    const nanoseconds = 1_552_176_000_123_999_999n;
    expect(
      decodeTimes(axis(BigInt64Array.of(nanoseconds), { units: "nanoseconds since 1970-01-01" }, "int64"))[0],
    ).toBe(1_552_176_000_124);
    expect(decodeTimes(axis(BigInt64Array.of(nanoseconds), {}, "datetime64[ns]"))[0]).toBe(1_552_176_000_124);
    expect(decodeTimes(axis(BigInt64Array.of(17965n), {}, "datetime64[D]"))[0]).toBe(17965 * 86_400_000);
    expect(decodeTimes(axis(BigInt64Array.of(6n), {}, "datetime64[10m]"))[0]).toBe(3_600_000);
    // days since the year 1 are exact to 10 microseconds
    expect(time(737127 + 7 / 24, "days since 0001-01-01", "proleptic_gregorian")).toBe(
      Date.UTC(2019, 2, 10, 7),
    );
  });

  it("refuses what is no time, naming variable and cause", () => {
    const refusal = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        if (isEwbError(error)) return `${error.tag}: ${error.message}`;
      }
      return "accepted";
    };
    const int =
      (values: number[], attributes: object, fill: number | null = null) =>
      () =>
        decodeTimes(
          axis(Int32Array.from(values), { units: "hours since 2019-01-01", ...attributes }, "int32", fill),
        );
    for (const calendar of ["noleap", "365_day", "all_leap", "360_day", "julian", "none", "lunar"]) {
      expect(refusal(int([1], { calendar }))).toMatch(new RegExp(`^Unsupported: store: axis .*${calendar}`));
    }
    for (const units of [
      "months since 2019-01-01",
      "years since 2019-01-01",
      "fortnights since 2019-01-01",
    ]) {
      expect(refusal(int([1], { units }))).toMatch(new RegExp(`^Unsupported: store: axis .*${units}`));
    }
    expect(refusal(int([1], { units: undefined }))).toMatch(/^MetadataInvalid: .*axis has no units/);
    expect(refusal(int([1], { units: "hours since 2019-02-30" }))).toMatch(/2019-02-30/);
    expect(refusal(int([1, 2, -999], { _FillValue: -999 }))).toMatch(/missing value \(-999\) at index 2/);
    expect(refusal(int([1, -999], { missing_value: [-1, -999] }))).toMatch(/index 1/);
    expect(refusal(int([1, -2147483648], {}, -2147483648))).toMatch(/index 1/);
    expect(refusal(int([1, 2147483647], { units: "days since 1970-01-01" }))).toMatch(
      /years 1 to 9999.* index 1/,
    );
    expect(refusal(() => time(Number.NaN, "days since 1970-01-01"))).toMatch(/NaN.* index 0/);
    expect(
      refusal(() => decodeTimes(axis(BigInt64Array.of(0n, -(2n ** 63n)), {}, "datetime64[ns]"))),
    ).toMatch(/NaT.* index 1/);
    // the fill value writers state by default is a time like any other
    expect(decodeTimes(axis(Int32Array.of(0, 1), { units: "hours since 1970-01-01" }, "int32", 0))[0]).toBe(
      0,
    );
  });
});

describe("packed time axes", () => {
  const units = "hours since 1970-01-01";
  it("are unpacked, after their markers were looked for", () => {
    const packed = { units, scale_factor: 6, add_offset: 1, _FillValue: 7 };
    expect([...decodeTimes(axis(Int16Array.of(0, 2), packed, "int16"))]).toEqual([3_600_000, 46_800_000]);
    expect(() => decodeTimes(axis(Int16Array.of(0, 7), packed, "int16"))).toThrow(
      /missing value \(7\) at index 1/,
    );
    expect([
      ...decodeLeads(axis(BigInt64Array.of(3n), { units: "hours", scale_factor: 6 }, "int64")),
    ]).toEqual([64_800_000]);
  });

  it("are refused where the packing is no number", () => {
    const text = { units, scale_factor: "6" };
    expect(() => decodeTimes(axis(Int16Array.of(1), text, "int16"))).toThrow(/scale_factor of axis is "6"/);
    const none = { units, scale_factor: Number.NaN };
    expect(() => decodeTimes(axis(Int16Array.of(1), none, "int16"))).toThrow(/scale_factor of axis is NaN/);
  });

  it("take float32 of coarse steps for the whole hour it stands for", () => {
    const days = Float32Array.of(43_524 + 1 / 24, 43_524 + 2 / 24, 43_524 + 23 / 24);
    const first = Date.UTC(1900, 0, 1) + 43_524 * 86_400_000;
    expect([...decodeTimes(axis(days, { units: "days since 1900-01-01" }, "float32"))]).toEqual(
      [1, 2, 23].map((hour) => first + hour * 3_600_000),
    );
  });
});

describe("decodeLeads", () => {
  it("reads integers without units as hours", () => {
    expect([...decodeLeads(axis(Int32Array.of(0, 6), {}, "int32"))]).toEqual([0, 21_600_000]);
    expect([...decodeLeads(axis(BigInt64Array.of(0n, 6n), {}, "int64"))]).toEqual([0, 21_600_000]);
  });

  it("reads units of time and timedelta64", () => {
    expect(decodeLeads(axis(Float32Array.of(0.25), { units: "days" }, "float32"))[0]).toBe(21_600_000);
    expect(decodeLeads(axis(Int16Array.of(90), { units: "minutes" }, "int16"))[0]).toBe(5_400_000);
    expect(decodeLeads(axis(BigInt64Array.of(10n ** 9n), {}, "timedelta64[ns]"))[0]).toBe(1000);
    expect(decodeLeads(axis(BigInt64Array.of(2n), {}, "timedelta64[h]"))[0]).toBe(7_200_000);
  });

  it("takes float32 for the whole second it stands for", () => {
    for (const hours of [30.5, 30 + 1 / 60, 171, 240.25]) {
      const days = Float32Array.of(hours / 24);
      expect(decodeLeads(axis(days, { units: "days" }, "float32"))[0], `${hours} h`).toBe(
        Math.round(hours * 3600) * 1000,
      );
    }
  });

  it("refuses floats without units, months, and missing ones", () => {
    expect(() => decodeLeads(axis(Float64Array.of(6), {}))).toThrow(/axis has no units/);
    expect(() => decodeLeads(axis(Int32Array.of(6), { units: "months" }, "int32"))).toThrow(/months/);
    expect(() => decodeLeads(axis(Float64Array.of(0, Number.NaN), { units: "hours" }))).toThrow(/index 1/);
  });
});
