/** Spatial displacement against the right numbers of the golden cases; what the options of fields refuse and say. */
import { describe, expect, test } from "vitest";
import { gridPlaces, pointPlaces } from "../../../src/kernels/places.ts";
import {
  centroidDisplacement,
  spatialDisplacement,
} from "../../../src/operators/metrics/fields/centroidDisplacement.ts";
import {
  hausdorffDistance,
  meanErrorDistance,
} from "../../../src/operators/metrics/fields/eventSetDistance.ts";
import { fractionsSkillScore } from "../../../src/operators/metrics/fields/fractionsSkillScore.ts";
import { objectErrors } from "../../../src/operators/metrics/fields/objectErrors.ts";
import { spatialDocs } from "../../../src/operators/metrics/fields/spatialDocs.ts";
import { structureAmplitudeLocation } from "../../../src/operators/metrics/fields/structureAmplitudeLocation.ts";
import { rowsOfMetric } from "../../golden/goldenPairs.ts";
import { type ExpectedRow, pairsOf, unitCases } from "../../golden/unitCase.ts";
import { wholePairs } from "../../laws/spatialPairs.ts";

type X = { x: "K" };
type T = { t: "K" };

describe("ewb-core/units/spatial-displacement", () => {
  for (const one of unitCases("spatial-displacement")) {
    test(one.id, () => {
      const rows = rowsOfMetric(spatialDisplacement<X>("x"), pairsOf(one, { join: "near", everyRef: false }));
      const wanted = one.right ?? (one.expected as readonly ExpectedRow[]);
      expect(rows.map(({ leadHours }) => leadHours)).toEqual(wanted.map(({ lead_time }) => lead_time));
      wanted.forEach(({ value }, k) => {
        if (value === "NaN") expect(rows[k]!.value).toBeNaN();
        else
          expect(Math.abs(rows[k]!.value - Number(value))).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Number(value)),
          );
      });
    });
  }
});

describe("options of metrics of fields", () => {
  test("what is no option, criterion, window, distance or word is refused by name", () => {
    const refused = (make: () => unknown, message: RegExp) => expect(make).toThrow(message);
    const fss = (options: any) => () => fractionsSkillScore<T>("t", options);
    refused(fss({ above: "1 K" }), /a window is undefined; expected cells a side like 5/);
    refused(fss({ above: "1 K", window: [3, 2.5] }), /a window is 2.5/);
    refused(fss({ above: "1 K", window: { rows: 0, columns: 3 } }), /"rows":0/);
    refused(fss({ window: 3 }), /found no threshold/);
    refused(fss({ above: "1 K", belowQuantile: 0.5, window: 3 }), /found above and belowQuantile/);
    refused(fss({ above: [], window: 3 }), /expected one of above, below/);
    refused(fss({ aboveQuantile: 75, window: 3 }), /expected a number from 0 to 1/);
    refused(fss({ above: "1 K", window: 3, border: "mirror" }), /border is "mirror"/);
    refused(fss({ above: "1 K", windows: 3 }), /no option "windows"/);
    refused(
      () => objectErrors<T>("t", { above: "1 K", within: "500 m" as any }),
      /expected a distance like "500 km"/,
    );
    refused(() => objectErrors<T>("t", { above: "1 K", cells: 0 }), /cells is 0/);
    refused(() => structureAmplitudeLocation<T>("t", { level: 95 }), /a level from 0 to 1/);
    refused(() => structureAmplitudeLocation<T>("t", { neighbours: 6 as any }), /neighbours is 6/);
    refused(
      () => centroidDisplacement<T>("t", { above: "1 K", below: "2 K" } as any),
      /either `above` or `below`/,
    );
    refused(() => meanErrorDistance<T>("t", { above: "1 K", pool: "mean" } as any), /no option "pool"/);
  });

  const all = [
    fractionsSkillScore<T>("t", { above: "1 K", window: 3 }),
    centroidDisplacement<T>("t", { above: "1 K" }),
    spatialDisplacement<T>("t"),
    hausdorffDistance<T>("t", { above: "1 K" }),
    meanErrorDistance<T>("t", { above: "1 K" }),
    structureAmplitudeLocation<T>("t", { above: "1 K" }),
    objectErrors<T>("t", { above: "1 K" }),
  ];

  test("all need whole fields, and are told of under their names", () => {
    for (const metric of all) {
      expect(metric.needs.whole).toBe(true);
      expect(spatialDocs.find(({ name }) => name === metric.name)?.term).toBe(metric.term);
    }
    expect(spatialDocs).toHaveLength(all.length);
  });

  test("points have no neighbours; a threshold in another unit is refused", () => {
    const [pair] = wholePairs()(5);
    const places = pointPlaces(Float64Array.of(1), Float64Array.of(2));
    const other = { t: { unit: "degC", values: pair!.forecast.t!.values } };
    for (const metric of all) {
      expect(() => metric.observe({ ...pair!, places } as any), metric.name).toThrow(/a list of points/);
      if (metric.name === "spatialDisplacement") continue;
      expect(() => metric.observe({ ...pair!, forecast: other, target: other } as any), metric.name).toThrow(
        /Give (the threshold|it) in degC/,
      );
    }
  });

  test("several thresholds and windows are rows with parameters; a quantile says the fields' own values", () => {
    const pair = wholePairs()(5)[0]! as any;
    const metric = fractionsSkillScore<T>("t", {
      above: ["5 K", "10 K"],
      window: [1, { rows: 1, columns: 2 }],
    });
    expect(metric.finish(metric.observe(pair)).map(({ parameters }) => parameters)).toEqual([
      { threshold: "5 K", window: "1 x 1" },
      { threshold: "5 K", window: "1 x 2" },
      { threshold: "10 K", window: "1 x 1" },
      { threshold: "10 K", window: "1 x 2" },
    ]);
    const own = fractionsSkillScore<T>("t", { aboveQuantile: 1, window: 1 });
    const [row] = own.finish(own.observe(pair));
    const largest = (values: Float64Array) => Math.max(...values.filter((value) => !Number.isNaN(value)));
    expect(row!.extra).toEqual({
      forecast_threshold: largest(pair.forecast.t.values),
      target_threshold: largest(pair.target.t.values),
    });
  });

  const fieldPair = (members: readonly (readonly number[])[], target: readonly number[], columns: number) => {
    const places = gridPlaces(
      {
        latitude: Float64Array.from({ length: target.length / columns }, (_, k) => k),
        longitude: Float64Array.from({ length: columns }, (_, k) => k),
      },
      {
        rows: { start: 0, stop: target.length / columns },
        columns: [{ start: 0, stop: columns }],
      },
    );
    const fields = members.map((values) => Float64Array.from(values));
    const forecast = { unit: "K", values: fields[0]!, ...(fields.length > 1 ? { members: fields } : {}) };
    return {
      ...wholePairs()(5)[0]!,
      matched: true,
      places,
      forecast: { t: forecast },
      target: { t: { unit: "K", values: Float64Array.from(target) } },
      computed: new Map(),
    };
  };
  const fssOf = (options: any, ...given: Parameters<typeof fieldPair>) =>
    rowsOfMetric(fractionsSkillScore<T>("t", options), [fieldPair(...given)])[0]!;

  test("shares of members leave no events where there are none: a window of rounding errors has none", () => {
    const cells = 24;
    const target = new Array(cells).fill(0);
    const members = [0, 1, 2].map(() => new Array<number>(cells).fill(0));
    // A third and two thirds beside each other, in cells whose observation is missing.
    for (const cell of [1, 6, 7, 12]) {
      target[cell] = Number.NaN;
      for (let m = 0; m < (cell % 3) + 1; m++) members[m]![cell] = 9;
    }
    const row = fssOf({ above: "5 K", window: 1 }, members, target, 6);
    expect(row.n).toBe(20);
    expect(row.value).toBeNaN();
  });

  test("a field whose other side is missing counts where missing is no event, and nowhere else", () => {
    const nan = Number.NaN;
    const [forecast, target] = [
      [nan, nan, nan, nan],
      [9, 0, 0, 0],
    ];
    const row = fssOf({ above: "5 K", window: 1, missing: "nonEvent" }, [forecast!], target!, 2);
    expect([row.value, row.n]).toEqual([0, 4]);
    const nothing = [
      fssOf({ above: "5 K", window: 1 }, [forecast!], target!, 2),
      fssOf({ above: "5 K", window: 1, missing: "nonEvent" }, [forecast!], forecast!, 2),
    ];
    expect(nothing.map(({ value, n }) => [value, n])).toEqual([
      [nan, 0],
      [nan, 0],
    ]);
  });
});
