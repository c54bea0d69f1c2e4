import { expect, test } from "vitest";
import { windSpeed } from "../../../src/operators/derive/index.ts";

const speed = (u: Float32Array | Float64Array, v: Float32Array | Float64Array) =>
  windSpeed.compute({
    surface_eastward_wind: { unit: "m s-1", values: u },
    surface_northward_wind: { unit: "m s-1", values: v },
  }).surface_wind_speed;

test("wind speed is the length of the wind, missing where a component is", () => {
  const got = speed(Float64Array.of(3, -5, 0, Number.NaN, 1), Float64Array.of(4, 12, 0, 1, Number.NaN));
  expect(got.unit).toBe("m s-1");
  expect([...got.values]).toEqual([5, 13, 0, Number.NaN, Number.NaN]);
});

test("float32 stays float32", () => {
  expect(speed(Float32Array.of(3), Float32Array.of(4)).values).toEqual(Float32Array.of(5));
});

test("says what it needs and gives", () => {
  expect(windSpeed.name).toBe("windSpeed");
  expect(windSpeed.needs).toEqual({ surface_eastward_wind: "m s-1", surface_northward_wind: "m s-1" });
  expect(windSpeed.gives).toEqual({ surface_wind_speed: "m s-1" });
});

test("missing beside an infinite component is missing", () => {
  const { values } = windSpeed.compute({
    surface_eastward_wind: { unit: "m s-1", values: Float64Array.of(Number.POSITIVE_INFINITY, 3) },
    surface_northward_wind: { unit: "m s-1", values: Float64Array.of(Number.NaN, 4) },
  }).surface_wind_speed;
  expect([...values]).toEqual([Number.NaN, 5]);
});
