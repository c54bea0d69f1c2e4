import { describe, expect, it } from "vitest";
import { variableFacts } from "../../../src/model/variables.ts";
import { convertUnit } from "../../../src/sources/cf/convertUnit.ts";
import { parseUnit } from "../../../src/sources/cf/parseUnit.ts";

const value = (number: number, from: string, to: string, geopotential = false): number => {
  const conversion = convertUnit(from, to, { geopotential });
  if (typeof conversion === "string") throw new Error(`${from} -> ${to}: ${conversion}`);
  return (number * conversion.multiply) / conversion.divide + conversion.add;
};

describe("convertUnit", () => {
  it.each([
    [7, "degC", "K", 280.15],
    [7, "celsius", "K", 280.15],
    [7, "degrees_C", "K", 280.15],
    [7, "deg C", "K", 280.15],
    [7, "°C", "K", 280.15],
    [50, "degF", "K", 283.15],
    [280, "kelvin", "K", 280],
    [280, "Kelvin", "K", 280],
    [1013.25, "hPa", "Pa", 101325],
    [1013.25, "mbar", "Pa", 101325],
    [1013.25, "millibars", "Pa", 101325],
    [101.325, "kPa", "Pa", 101325],
    [3, "mm", "kg m-2", 3],
    [3, "cm", "kg m-2", 30],
    [0.003, "m", "kg m-2", 3],
    [0.003, "m of water equivalent", "kg m-2", 3],
    [0.003, "m water", "kg m-2", 3],
    [86.4, "mm/day", "kg m-2 s-1", 0.001],
    [3.6, "mm h-1", "kg m-2 s-1", 0.001],
    [50, "%", "1", 0.5],
    [50, "percent", "1", 0.5],
    [0.5, "(0 - 1)", "1", 0.5],
    [4, "okta", "1", 0.5],
    [1, "kg/kg", "1", 1],
    [8, "g kg-1", "kg kg-1", 0.008],
    [8, "g/kg", "kg kg-1", 0.008],
    [900, "knots", "m s-1", 463],
    [36, "km/h", "m s-1", 10],
    [36, "km h**-1", "m s-1", 10],
    [5, "m/s", "m s-1", 5],
    [5, "m s**-1", "m s-1", 5],
    [5, "m s^-1", "m s-1", 5],
    [5, "m.s-1", "m s-1", 5],
    [5, "m·s⁻¹", "m s-1", 5],
    [5, "meters per second".replace(" per ", "/"), "m s-1", 5],
    [5500, "gpm", "m", 5500],
    [550, "gpdam", "m", 5500],
    [550, "dam", "m", 5500],
    [2, "PVU", "K m2 kg-1 s-1", 2e-6],
    [1500, "J kg**-1", "J kg-1", 1500],
    [1500, "m2 s-2", "J kg-1", 1500],
    [3, "J/kg m/s", "m3 s-3", 3],
    [Math.PI, "rad", "degree", 180],
  ])("%s %s is %s: %s", (number, from, to, expected) => {
    expect(value(number, from, to)).toBeCloseTo(expected, 10);
  });

  it("is exact where the factor is a whole number", () => {
    expect(value(0.1, "hPa", "Pa")).toBe(0.1 * 100);
    expect(value(7, "%", "1")).toBe(7 / 100);
    expect(value(8.61, "degC", "K")).toBe(8.61 + 273.15);
  });

  it("turns geopotential to height for those variables only", () => {
    expect(value(9806.65, "m2 s-2", "m", true)).toBe(1000);
    expect(value(9806.65, "m**2 s**-2", "m", true)).toBe(1000);
    expect(convertUnit("m2 s-2", "m")).toBe("differs");
  });

  it("says what it does not know, and what measures something else", () => {
    for (const text of ["furlong", "", "hectares", "K K K m^99", "degC m", "Mm", "m/", "m s-1 )"]) {
      expect(convertUnit(text, "K"), text).toBe("unknown");
    }
    for (const text of ["Pa", "m", "1", "degree", "kg m-2"])
      expect(convertUnit(text, "K"), text).toBe("differs");
    expect(convertUnit("J m-2", "W m-2")).toBe("differs");
    // a unit nobody knows is still itself
    expect(convertUnit("furlong", "furlong")).toEqual({ multiply: 1, divide: 1, add: 0 });
  });

  it("knows every canonical unit", () => {
    for (const { name, unit } of variableFacts) expect(parseUnit(unit), `${name}: ${unit}`).toBeDefined();
  });
});
