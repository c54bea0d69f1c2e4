/** Metrics of whole fields obey the laws of all metrics, and those of fields. */
import { describe, expect, test } from "vitest";
import { gridPlaces } from "../../src/kernels/places.ts";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import {
  centroidDisplacement,
  spatialDisplacement,
} from "../../src/operators/metrics/fields/centroidDisplacement.ts";
import { hausdorffDistance, meanErrorDistance } from "../../src/operators/metrics/fields/eventSetDistance.ts";
import { fractionsSkillScore } from "../../src/operators/metrics/fields/fractionsSkillScore.ts";
import { objectErrors } from "../../src/operators/metrics/fields/objectErrors.ts";
import { structureAmplitudeLocation } from "../../src/operators/metrics/fields/structureAmplitudeLocation.ts";
import { random, whole } from "../../src/testing/random.ts";
import { metricLaws } from "./laws.ts";
import { wholePairs } from "./spatialPairs.ts";

type T = { t: "K" };
const normals: ClimatologyField<"K"> = {
  kind: "climatology",
  source: {
    role: "climatology",
    name: "normals",
    format: "memory",
    address: "normals",
    variables: { t: "K" },
  },
  variable: "t",
  unit: "K",
  text: "normals quantile 0.85",
};
const each = ["init_time", "lead_time"] as const;

const metrics: readonly (readonly [Metric<T>, perfect: number | null])[] = [
  [fractionsSkillScore<T>("t", { above: ["5 K", "10 K"], window: [1, 2, 3, { rows: 1, columns: 4 }] }), 1],
  [fractionsSkillScore<T>("t", { above: "10 K", window: [3, 5], border: "zeroPadded" }), 1],
  [fractionsSkillScore<T>("t", { below: "5 K", strictly: true, window: 2, border: "zeroPaddedScores" }), 1],
  [fractionsSkillScore<T>("t", { above: normals, window: 2, border: "wrapLongitude", keep: [] }), 1],
  [fractionsSkillScore<T>("t", { above: "10 K", window: [1, 3], missing: "nonEvent" }), 1],
  [fractionsSkillScore<T>("t", { aboveQuantile: [0.5, 0.9], strictly: true, window: 2, keep: each }), 1],
  [fractionsSkillScore<T>("t", { above: "10 K", window: 2, pool: "fields" }), 1],
  [centroidDisplacement<T>("t", { above: "10 K" }), 0],
  [centroidDisplacement<T>("t", { below: "5 K", mass: "cells", centre: "sphere", keep: each }), 0],
  [centroidDisplacement<T>("t", { above: normals, weights: "area" }), 0],
  [spatialDisplacement<T>("t"), 0],
  [hausdorffDistance<T>("t", { above: "10 K" }), 0],
  [hausdorffDistance<T>("t", { above: "15 K", pool: "mean", keep: ["init_time"] }), 0],
  [meanErrorDistance<T>("t", { above: "10 K", strictly: true }), 0],
  [structureAmplitudeLocation<T>("t", { keep: each }), 0],
  [structureAmplitudeLocation<T>("t", { above: "10 K", neighbours: 4, distance: "cellCentres" }), 0],
  [objectErrors<T>("t", { above: "10 K" }), null],
  [objectErrors<T>("t", { below: normals, cells: 2, intensity: "maximum", neighbours: 4, keep: each }), null],
];

describe("metrics of whole fields obey the laws", () => {
  for (const [metric, perfect] of metrics) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () =>
      metricLaws(metric, { runs: 100, perfect, pairs: wholePairs() }));
  }
});

const rowsOf = (metric: Metric<T>, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(
    pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair as Pair<T>)), metric.zero()),
  );

/** One pair of made fields on a regional grid. */
const fieldPair = (
  rows: number,
  columns: number,
  forecast: Float64Array,
  target: Float64Array,
  spacing = 1,
  west = 0,
): Pair => ({
  event: {
    id: 1,
    title: "",
    type: "t",
    start: 0,
    end: 1,
    region: { south: -90, north: 90, west: -180, east: 180 },
  },
  initTime: 0,
  leadHours: 0,
  validTime: 0,
  matched: true,
  places: gridPlaces(
    {
      latitude: Float64Array.from({ length: rows }, (_, i) => 30 + i * spacing),
      longitude: Float64Array.from({ length: columns }, (_, i) => (west + i * spacing) % 360),
    },
    { rows: { start: 0, stop: rows }, columns: [{ start: 0, stop: columns }] },
  ),
  forecast: { t: { unit: "K", values: forecast } },
  target: { t: { unit: "K", values: target } },
  climatology: () => ({ unit: "K", values: target }),
});

const amounts = (next: () => number, size: number): Float64Array =>
  Float64Array.from({ length: size }, () => (next() < 0.6 ? 0 : next() * 20));

const many = (law: (next: () => number, rows: number, columns: number) => void): void => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = random(seed);
    law(next, whole(next, 2, 9), whole(next, 2, 9));
  }
};
/** Close, or both undefined. */
const near = (got: number | undefined, wanted: number, digits: number): void => {
  if (Number.isNaN(wanted)) expect(got).toBeNaN();
  else expect(got).toBeCloseTo(wanted, digits);
};

const mirrored = (values: Float64Array, rows: number, columns: number): Float64Array =>
  values.map((_, i) => values[(rows - 1 - Math.floor(i / columns)) * columns + (i % columns)]!);

describe("laws of fields", () => {
  const fss = (window: number | { rows: number; columns: number }) =>
    fractionsSkillScore<T>("t", { above: "10 K", window });

  test("FSS lies from 0 to 1 and both sides may be exchanged; the mirror image has the same", () =>
    many((next, rows, columns) => {
      const [f, o] = [amounts(next, rows * columns), amounts(next, rows * columns)];
      const metric = fss(whole(next, 1, Math.min(rows, columns)));
      const [row] = rowsOf(metric, [fieldPair(rows, columns, f, o)]);
      expect(row!.n).toBeGreaterThan(0);
      if (!Number.isNaN(row!.value)) expect(row!.value >= 0 && row!.value <= 1).toBe(true);
      expect(rowsOf(metric, [fieldPair(rows, columns, o, f)])).toEqual([row]);
      const mirror = fieldPair(rows, columns, mirrored(f, rows, columns), mirrored(o, rows, columns));
      expect(rowsOf(metric, [mirror])).toEqual([row]);
    }));

  test("FSS of one cell is F1; of the whole domain only frequencies matter", () =>
    many((next, rows, columns) => {
      const [f, o] = [amounts(next, rows * columns), amounts(next, rows * columns)];
      let [both, forecast, target] = [0, 0, 0];
      for (let i = 0; i < f.length; i++) {
        both += f[i]! >= 10 && o[i]! >= 10 ? 1 : 0;
        forecast += f[i]! >= 10 ? 1 : 0;
        target += o[i]! >= 10 ? 1 : 0;
      }
      const pair = fieldPair(rows, columns, f, o);
      near(rowsOf(fss(1), [pair])[0]!.value, (2 * both) / (forecast + target), 12);
      near(
        rowsOf(fss({ rows, columns }), [pair])[0]!.value,
        (2 * forecast * target) / (forecast * forecast + target * target),
        12,
      );
    }));

  test("events farther apart than the window have FSS 0; without events there is none", () => {
    const [f, o] = [new Float64Array(64), new Float64Array(64)];
    expect(rowsOf(fss(3), [fieldPair(8, 8, f, o)])).toMatchObject([{ value: Number.NaN, n: 36 }]);
    f[9] = 20;
    o[54] = 20;
    expect(rowsOf(fss(3), [fieldPair(8, 8, f, o)])).toMatchObject([{ value: 0, n: 36 }]);
    expect(rowsOf(fss(9), [fieldPair(8, 8, f, o)])).toMatchObject([{ value: Number.NaN, n: 0 }]);
  });

  test("several windows and thresholds at once are what each is alone", () =>
    many((next, rows, columns) => {
      const gap = (x: number): number => (next() < 0.1 ? Number.NaN : x);
      const size = rows * columns;
      const pair = fieldPair(rows, columns, amounts(next, size).map(gap), amounts(next, size));
      const windows = [1, 2, { rows: 3, columns: 1 }, 4];
      for (const border of ["inside", "wrapLongitude", "zeroPadded", "zeroPaddedScores"] as const) {
        const all = fractionsSkillScore<T>("t", { above: ["5 K", "15 K"], window: windows, border });
        const alone = (["5 K", "15 K"] as const).flatMap((above) =>
          windows.flatMap((window) => rowsOf(fractionsSkillScore<T>("t", { above, window, border }), [pair])),
        );
        expect(rowsOf(all, [pair])).toEqual(alone);
      }
    }));

  test("an ensemble of equal members is its member, in any order the same", () =>
    many((next, rows, columns) => {
      const size = rows * columns;
      const members = Array.from({ length: 3 }, () => amounts(next, size));
      const target = amounts(next, size);
      const pair = fieldPair(rows, columns, members[0]!, target);
      const with_ = (list: readonly Float64Array[]): Pair => ({
        ...pair,
        forecast: { t: { unit: "K", values: members[0]!, members: list } },
      });
      for (const ensemble of ["probability", "members"] as const) {
        const metric = fractionsSkillScore<T>("t", { above: "10 K", window: [1, 3], ensemble });
        const values = (one: Pair): number[] => rowsOf(metric, [one]).map(({ value }) => value);
        const alone = values(pair);
        values(with_([members[0]!, members[0]!, members[0]!])).forEach((value, k) => {
          near(value, alone[k]!, 12);
        });
        const [a, b, c] = members as [Float64Array, Float64Array, Float64Array];
        const other = values(with_([c, a, b]));
        values(with_([a, b, c])).forEach((value, k) => {
          near(value, other[k]!, 12);
        });
      }
    }));

  const distances = [
    centroidDisplacement<T>("t", { above: "5 K" }),
    centroidDisplacement<T>("t", { above: "5 K", centre: "sphere" }),
    spatialDisplacement<T>("t"),
    hausdorffDistance<T>("t", { above: "10 K" }),
  ];

  test("distances: sides exchanged, longitudes turned: the same", () =>
    many((next, rows, columns) => {
      const [f, o] = [amounts(next, rows * columns), amounts(next, rows * columns)];
      for (const metric of distances) {
        const value = (pair: Pair): number => rowsOf(metric, [pair])[0]!.value;
        const plain = value(fieldPair(rows, columns, f, o));
        near(value(fieldPair(rows, columns, o, f)), plain, 9);
        near(value(fieldPair(rows, columns, f, o, 1, 355)), plain, 9);
      }
    }));

  test("a factor on both fields moves no centre", () =>
    many((next, rows, columns) => {
      const [f, o] = [amounts(next, rows * columns), amounts(next, rows * columns)];
      const value = (k: number): number =>
        rowsOf(spatialDisplacement<T>("t"), [
          fieldPair(
            rows,
            columns,
            f.map((x) => k * x),
            o,
          ),
        ])[0]!.value;
      near(value(3), value(1), 9);
    }));

  test("round the globe nothing depends on the column at which the grid begins", () =>
    many((next) => {
      const [rows, columns] = [4, 12];
      const [f, o] = [new Float64Array(48), new Float64Array(48)];
      for (const side of [f, o]) {
        const at = whole(next, 0, 11);
        for (let k = 0; k < 3; k++)
          side[whole(next, 0, 3) * columns + ((at + k) % columns)] = 11 + next() * 9;
      }
      const turn = (values: Float64Array, by: number): Float64Array =>
        values.map((_, i) => values[Math.floor(i / columns) * columns + (((i % columns) + by) % columns)]!);
      const pairs = [0, 5].map((by) => {
        const places = gridPlaces(
          {
            latitude: Float64Array.of(0, 10, 20, 30),
            longitude: Float64Array.from({ length: columns }, (_, i) => (((i + by) * 30 + 180) % 360) - 180),
          },
          { rows: { start: 0, stop: rows }, columns: [{ start: 0, stop: columns }] },
        );
        return { ...fieldPair(rows, columns, turn(f, by), turn(o, by)), places };
      });
      for (const metric of [
        ...distances,
        fss(3),
        meanErrorDistance<T>("t", { above: "10 K" }),
        structureAmplitudeLocation<T>("t", { above: "5 K" }),
        objectErrors<T>("t", { above: "10 K", within: "20000 km" }),
      ]) {
        const [a, b] = pairs.map((pair) => rowsOf(metric, [pair]));
        a!.forEach(({ value }, k) => {
          expect(b![k]!.value, `${metric.name} row ${k}`).toBeCloseTo(value, 6);
        });
      }
    }));

  test("SAL: f = k o has S 0, L 0, A 2 (k - 1) / (k + 1); a shift changes the first part of L only", () =>
    many((next) => {
      const [rows, columns] = [12, 14];
      const [o, shifted] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
      for (let row = 1; row < 6; row++) {
        for (let column = 1; column < 7; column++) {
          if (next() < 0.4) continue;
          const amount = 1 + Math.floor(next() * 20);
          o[row * columns + column] = amount;
          shifted[(row + 4) * columns + column + 3] = amount;
        }
      }
      const values = (f: Float64Array): number[] =>
        rowsOf(structureAmplitudeLocation<T>("t"), [fieldPair(rows, columns, f, o)]).map(
          ({ value }) => value,
        );
      const k = 1 + next() * 4;
      const [s, a, l] = values(o.map((x) => k * x));
      expect(s).toBeCloseTo(0, 12);
      expect(a).toBeCloseTo((2 * (k - 1)) / (k + 1), 12);
      expect(l).toBeCloseTo(0, 12);
      const moved = values(shifted);
      const first = 5 / Math.hypot(rows, columns);
      [0, 0, first, first, 0].forEach((value, i) => {
        expect(moved[i]).toBeCloseTo(value, 12);
      });
    }));

  test("errors of an object are forecast - target; the whole globe has the area of the sphere", () => {
    const places = gridPlaces(
      { latitude: Float64Array.of(-45, 45), longitude: Float64Array.of(0, 90, 180, 270) },
      { rows: { start: 0, stop: 2 }, columns: [{ start: 0, stop: 4 }] },
    );
    const pair = {
      ...fieldPair(2, 4, new Float64Array(8).fill(20), Float64Array.of(0, 0, 0, 0, 12, 12, 12, 12)),
      places,
    };
    const rows = rowsOf(objectErrors<T>("t", { above: "10 K", within: "20015 km" }), [pair]);
    expect(rows.map(({ unit }) => unit)).toEqual(["km", "km2", "K", "1", "1", "1"]);
    expect(rows[1]!.value).toBeCloseTo(2 * Math.PI * 6371 * 6371, 3);
    expect(rows.slice(2).map(({ value }) => value)).toEqual([expect.closeTo(8, 12), 1, 0, 0]);
  });

  test("a missing member counts neither for nor against the event; without any the cell is missing", () => {
    const missing = Number.NaN;
    const target = Float64Array.of(20, 0, 0, 20);
    const members = [Float64Array.of(20, 0, missing, 0), Float64Array.of(missing, 20, missing, 20)];
    const pair = fieldPair(2, 2, members[0]!, target);
    const metric = fractionsSkillScore<T>("t", { above: "10 K", window: 1 });
    const [row] = rowsOf(metric, [{ ...pair, forecast: { t: { unit: "K", values: members[0]!, members } } }]);
    // Shares 1, 1/2, none, 1/2 against 1, 0, -, 1.
    expect(row).toMatchObject({ n: 3, value: 1 - (0.25 + 0.25) / (1 + 0.25 + 0.25 + 2) });
  });

  test("what one field alone says is not said of several", () => {
    const pair = fieldPair(2, 2, Float64Array.of(1, 2, 3, 4), Float64Array.of(4, 3, 2, 1));
    const metric = fractionsSkillScore<T>("t", { aboveQuantile: 1, window: 1 });
    expect(rowsOf(metric, [pair])[0]!.extra).toEqual({ forecast_threshold: 4, target_threshold: 4 });
    expect(rowsOf(metric, [pair, pair])[0]!.extra).toBeUndefined();
    const centre = spatialDisplacement<T>("t");
    expect(Object.keys(rowsOf(centre, [pair])[0]!.extra!)).toHaveLength(5);
    expect(rowsOf(centre, [pair, pair])[0]!.extra).toEqual({ n_times: 2 });
  });

  test("equal fields: all objects matched, no error", () =>
    many((next, rows, columns) => {
      const o = amounts(next, rows * columns);
      const rowsFound = rowsOf(objectErrors<T>("t", { above: "10 K", within: "0 km" }), [
        fieldPair(rows, columns, o, o),
      ]);
      const [distance, area, intensity, matched, wrong, missed] = rowsFound.map(({ value }) => value);
      expect([wrong, missed]).toEqual([0, 0]);
      const wanted = matched === 0 ? Number.NaN : 0;
      expect([distance, area, intensity]).toEqual([wanted, wanted, wanted]);
      expect(matched! > 0).toBe(o.some((x) => x >= 10));
    }));
});
