import { lastValueFrom } from "rxjs";
import { toArray } from "rxjs/operators";
import { expect, test } from "vitest";
import { inMemory } from "../../../src/catalog/source.ts";
import { windSpeed } from "../../../src/operators/derive/windSpeed.ts";
import { cases } from "../../../src/operators/flow/cases.ts";
import { derive } from "../../../src/operators/flow/derive.ts";
import { eachCase } from "../../../src/operators/flow/eachCase.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { score } from "../../../src/operators/flow/score.ts";
import { meanError } from "../../../src/operators/metrics/index.ts";
import { stream } from "../../../src/run.ts";

const places = { latitude: [50, 51], longitude: [0, 1] };
const plane = (value: number) => [
  [value, value],
  [value, value],
];
const wind = { surface_eastward_wind: "m s-1", surface_northward_wind: "m s-1" } as const;

const forecast = inMemory({
  role: "forecast",
  name: "f",
  variables: wind,
  arrays: {
    surface_eastward_wind: {
      dims: ["init_time", "lead_time", "latitude", "longitude"],
      coords: { init_time: ["2024-07-01T00:00"], lead_time: [0, 6], ...places },
      data: [[plane(3), plane(6)]],
    },
    surface_northward_wind: {
      dims: ["init_time", "lead_time", "latitude", "longitude"],
      coords: { init_time: ["2024-07-01T00:00"], lead_time: [0, 6], ...places },
      data: [[plane(4), plane(8)]],
    },
  },
});

const target = inMemory({
  role: "target",
  name: "o",
  variables: { surface_wind_speed: "m s-1" },
  arrays: {
    surface_wind_speed: {
      dims: ["time", "latitude", "longitude"],
      coords: { time: ["2024-07-01T00:00", "2024-07-01T06:00"], ...places },
      data: [plane(5), plane(9)],
    },
  },
});

test("a derived source gives what it makes, computed on its own grid, and keeps what it had", async () => {
  const event = {
    id: 1,
    title: "wind",
    type: "storm",
    start: Date.UTC(2024, 6, 1),
    end: Date.UTC(2024, 6, 1, 6),
    region: { south: 50, north: 51, west: 0, east: 1 },
  };
  const fast = derive(forecast, windSpeed);
  expect(Object.keys(fast.variables).sort()).toEqual([
    "surface_eastward_wind",
    "surface_northward_wind",
    "surface_wind_speed",
  ]);
  const rows = stream(
    (run) =>
      cases(run, { from: [event] }).pipe(
        eachCase(run, (one) =>
          pairs(run, one, { forecast: fast, targets: [target], variables: ["surface_wind_speed"] }).pipe(
            score(run, meanError("surface_wind_speed")),
          ),
        ),
      ),
    {
      data: { name: "none", description: "", cases: [event], forecasts: [], targets: [], climatologies: [] },
    },
  );
  const found = await lastValueFrom(rows.pipe(toArray()));
  expect(found.map(({ lead_hours, value, n, unit }) => [lead_hours, value, n, unit])).toEqual([
    [0, 0, 4, "m s-1"],
    [6, 1, 4, "m s-1"],
  ]);
});
