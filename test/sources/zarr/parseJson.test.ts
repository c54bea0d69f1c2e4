import { describe, expect, it } from "vitest";
import { parseJson } from "../../../src/sources/zarr/parseJson.ts";

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

describe("parseJson", () => {
  it("reads what writers make", () => {
    expect(parse('{"a": [1, "NaN", null], "b": {"c": true}}')).toEqual({
      a: [1, "NaN", null],
      b: { c: true },
    });
    expect(parse('\uFEFF{"a": 1}')).toEqual({ a: 1 });
    expect(parse('{"a": NaN, "b": [Infinity, -Infinity, -1.5e3], "c": "NaN, \\"Infinity"}')).toEqual({
      a: Number.NaN,
      b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1500],
      c: 'NaN, "Infinity',
    });
  });

  it("keeps whole fill values exact, other numbers plain", () => {
    const text =
      '{"fill_value": 9223372036854775807, "valid_max": 9223372036854775807, "x": 0.1234567890123456e-3}';
    expect(parse(text)).toEqual({
      fill_value: 9223372036854775807n,
      valid_max: 2 ** 63,
      x: 0.1234567890123456e-3,
    });
    expect(parse('{"fill_value": -9223372036854775808}')).toEqual({ fill_value: -9223372036854775808n });
  });

  it.each([
    ["", /an empty file found/],
    ['{"a": 1, "b', /breaks at position 11 \(11 characters\)/],
    ['{"a": 1,, "b": 2}', /breaks at position 8/],
    ["<html><body>no</body></html>", /a page of HTML or XML/],
    ["[1, 2]", /a list found/],
    ["7", /7 found/],
    ["null", /null found/],
    ['{"a": NaN1}', /breaks at position/],
  ])("says what is wrong with %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("says so where the text is not UTF-8", () => {
    expect(() => parseJson(Uint8Array.of(0xff, 0xfe, 0x7b))).toThrow(/not UTF-8/);
  });

  it("survives documents nested without end", () => {
    expect(() => parse(`{"a": ${"[".repeat(1e5)}`)).toThrow(/a JSON document expected/);
    const deep = `{"a": ${"[".repeat(1e5)}NaN${"]".repeat(1e5)}}`;
    expect(() => parse(deep)).toThrow(/a JSON document expected/);
  });
});
