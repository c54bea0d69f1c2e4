import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gridPlaces } from "../../../src/kernels/places.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import {
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { scoreAll } from "../../golden/unitCase.ts";
import { describeShared, sharedPath } from "../../shared.ts";

type V = { x: "K" };
const factories = { meanError, meanAbsoluteError, meanSquaredError, rootMeanSquaredError };
const kept = { init_time: "init_time", lead_hours: "lead_time", valid_time: "valid_time" } as const;
const weights = { none: "none", cosine: "cosine", "cell-area": "area" } as const;
/** Other errors of the same inputs that a case may list beside its own. */
const beside = { mae: meanAbsoluteError, rmse: rootMeanSquaredError, meanError, pooled: undefined } as const;

const pairsOf = ({ forecast, observation }: any): Pair[] => {
  const grid = {
    latitude: Float64Array.from(forecast.coords.latitude),
    longitude: Float64Array.from(forecast.coords.longitude),
  };
  const places = gridPlaces(grid, {
    rows: { start: 0, stop: grid.latitude.length },
    columns: [{ start: 0, stop: grid.longitude.length }],
  });
  const field = (data: any) => ({ x: { unit: "K", values: Float64Array.from(data.flat().map(Number)) } });
  return forecast.coords.init_time.flatMap((init: string, i: number) =>
    forecast.coords.lead_hours.map((leadHours: number, l: number): Pair => {
      const initTime = Date.parse(init);
      return {
        event: {
          id: 1,
          title: "",
          type: "",
          start: 0,
          end: 0,
          region: { south: 0, north: 0, west: 0, east: 0 },
        },
        initTime,
        leadHours,
        validTime: initTime + leadHours * 3_600_000,
        matched: true,
        places,
        forecast: field(forecast.data[i][l]),
        target: field(observation.data[i][l]),
        climatology: () => field([]).x,
      };
    }),
  );
};

describeShared("science-metrics/deterministic.json", () => {
  const file = JSON.parse(
    readFileSync(sharedPath("golden", "science-metrics", "deterministic.json"), "utf8"),
  );
  for (const unit of Array.isArray(file) ? file : file.cases) {
    const make = factories[unit.metric as keyof typeof factories];
    const { keep, weights: kind = "none", ...more } = unit.parameters;
    const dims = unit.inputs.forecast?.dims?.join();
    if (
      make === undefined ||
      Object.keys(more).length > 0 ||
      dims !== "init_time,lead_hours,latitude,longitude"
    ) {
      continue;
    }
    for (const [key, wanted] of Object.entries<any>(unit.expected)) {
      const other = key === unit.default ? make : beside[key as keyof typeof beside];
      if (other === undefined || key === "weights") continue;
      test(`${unit.id}, ${key}`, () => {
        const metric: Metric<V> = other<V>("x", {
          keep: keep.map((dim: keyof typeof kept) => kept[dim]),
          weights: weights[kind as keyof typeof weights],
        });
        const rows = scoreAll(metric, pairsOf(unit.inputs));
        const values = typeof wanted === "object" ? wanted.data.flat() : [wanted];
        expect(rows).toHaveLength(values.length);
        for (const [i, value] of values.entries()) {
          const tolerance = unit.tolerance.absolute + unit.tolerance.relative * Math.abs(value);
          if (value === "NaN") expect(rows[i]).toMatchObject({ value: Number.NaN, n: 0 });
          else expect(Math.abs(rows[i]!.value - value)).toBeLessThanOrEqual(tolerance);
        }
      });
    }
  }
});
