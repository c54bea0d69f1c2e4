/**
 * The options `by` and `where` of every metric there is: each group has, to the bit, the rows of the metric over what
 * belongs to it alone, chosen here by hand; what a metric does not allow is refused.
 */
import { describe, expect, test } from "vitest";
import { pointPlaces } from "../../../src/kernels/places.ts";
import type { Values } from "../../../src/model/field.ts";
import type { BreakdownKind, Metric, MetricRow } from "../../../src/model/metric.ts";
import type { Pair, Places } from "../../../src/model/pair.ts";
import { ofPlaces, ofTimes } from "../../../src/operators/metrics/groups/breakdown.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { mappedPair } from "../../../src/testing/pairChanges.ts";
import { randomPairs } from "../../../src/testing.ts";
import { storm } from "../../laws/trackPairs.ts";
import { givenToExamples, makerOf, weather } from "./examples.ts";

const { altitudeClass, climatologyQuantile, landSea, latitudeBand, leadBin, metricDocs, regions } = metrics;
const { landShare, altitude } = givenToExamples;
const KINDS: readonly BreakdownKind[] = [...ofTimes, ...ofPlaces];
const factories = metricDocs.filter(
  ({ name, ofNumbers }) => ofNumbers !== true && name !== "skillScore" && name !== "difference",
);

const boxes = {
  south: { south: -90, north: 3, west: -180, east: 180 },
  middle: { south: -2, north: 8, west: 99, east: 104 },
  away: { south: 60, north: 70, west: 0, east: 1 },
};
const edges = [0, 400, 1500];
const asked: Record<BreakdownKind, metrics.Breakdown> = {
  init_time: "init_time",
  lead_time: "lead_time",
  valid_time: "valid_time",
  hour: "hour",
  month: "month",
  season: "season",
  leadBin: leadBin("12 h"),
  latitudeBand: latitudeBand(4),
  region: regions(boxes),
  landSea: landSea(landShare),
  altitude: altitudeClass(altitude, edges),
  station: "station",
};

/** Shares of land and altitudes by place, some unknown. */
const share = (i: number): number => [0, 0.5, 1, 0.2, Number.NaN, 0.7][(i * 7) % 6]!;
const height = (i: number): number => [-5, 0, 399, 400, Number.NaN, 2000, 700][(i * 5) % 7]!;

/** Values of each unit, on both sides of the thresholds of the examples. */
const usual: Readonly<Record<string, readonly [number, number]>> = {
  K: [270, 310],
  "1": [0, 1],
  "kg m-2": [0, 40],
  "m s-1": [0, 30],
};

/** Some runs on five rows with nothing missing, and on five points with gaps; without and with members. */
const seeds = { grid: [291, 498], points: [80, 80] } as const;

/** Random pairs on a grid (or on points) of some extent, from autumn to winter, with what a metric reads. */
const pairsOf = ({ needs }: Metric, kind: Places["kind"]): readonly Pair[] => {
  if (needs.variables.includes("storm_wind")) return storms;
  const variables = Object.fromEntries(needs.variables.map((name) => [name, weather[name]!]));
  const ranges = Object.fromEntries(
    needs.variables.flatMap((name): [string, readonly [number, number]][] => {
      const range = usual[weather[name]!];
      return range === undefined ? [] : [[name, range]];
    }),
  );
  const members = needs.members === true;
  const pairs = randomPairs(seeds[kind][members ? 1 : 0], { variables, ranges, members });
  const { places } = pairs[0]!;
  expect([places.kind, places.latitude.length]).toEqual([kind, 5]);
  const shift = Date.UTC(2021, 11, 1) - pairs[pairs.length >> 1]!.validTime;
  return pairs.map((pair) => ({
    ...pair,
    initTime: pair.initTime + shift,
    validTime: pair.validTime + shift,
    computed: new Map(),
    climatology: (field) => {
      if (field !== landShare && field !== altitude) return pair.climatology(field);
      const of = field === landShare ? share : height;
      return { unit: field.unit, values: Float64Array.from(coordinates(places), (_, i) => of(i)) };
    },
  }));
};

const storms: readonly Pair[] = storm(
  [
    [20, -95, 20],
    [21, -90, 30],
    [21, -84, 40],
    [22, -76, 50],
    [23, -70, 30],
  ],
  {
    0: [
      [20, -95, 20],
      [21, -89, 33],
      [22, -83, 41],
      [21, -75, 47],
    ],
    6: [
      [21, -90, 30],
      [20, -85, 44],
      [21, -77, 52],
      [23, -71, 35],
    ],
  },
).map((pair) => ({
  ...pair,
  forecast: named(pair.forecast),
  target: named(pair.target),
}));

function named({ wind, latitude, longitude }: Pair["forecast"]): Pair["forecast"] {
  return { storm_wind: wind!, storm_latitude: latitude!, storm_longitude: longitude! };
}

const coordinates = ({ kind, latitude, longitude }: Places): [latitude: number, longitude: number][] =>
  kind === "points"
    ? Array.from(latitude, (y, i) => [y, longitude[i]!])
    : Array.from(latitude, (y) => Array.from(longitude, (x): [number, number] => [y, x])).flat();

interface Group {
  readonly name: string;
  /** What its rows say in `by`; times are columns. */
  readonly text: string;
  /** Whether a row is one of it. */
  is(row: MetricRow): boolean;
  readonly pairs: readonly Pair[];
}

/** Metrics may have a `by` of their own behind it. */
const isOf =
  (name: string) =>
  ({ by }: MetricRow): boolean =>
    by === name || by?.startsWith(`${name};`) === true;

/** What belongs to each group, by hand. */
const groupsOf = (kind: BreakdownKind, pairs: readonly Pair[]): Group[] => {
  const times = (keyOf: (pair: Pair) => number, column: "initTime" | "leadHours" | "validTime"): Group[] =>
    [...new Set(pairs.map(keyOf))].map((key) => ({
      name: `${key}`,
      text: "",
      is: (row) => row[column] === key,
      pairs: pairs.filter((pair) => keyOf(pair) === key),
    }));
  const texts = (textOf: (pair: Pair) => string): Group[] =>
    [...new Set(pairs.map(textOf))].map((name) => ({
      name,
      text: name,
      is: isOf(name),
      pairs: pairs.filter((pair) => textOf(pair) === name),
    }));
  const { places } = pairs[0]!;
  const where = coordinates(places);
  const chosen = (name: string, is: (latitude: number, longitude: number, i: number) => boolean): Group => ({
    name,
    text: name,
    is: isOf(name),
    pairs: pairs.map((pair) =>
      only(
        pair,
        where.map(([y, x], i) => is(y, x, i)),
      ),
    ),
  });
  const valid = ({ validTime }: Pair): Date => new Date(validTime);
  switch (kind) {
    case "init_time":
      return times(({ initTime }) => initTime, "initTime");
    case "lead_time":
      return times(({ leadHours }) => leadHours, "leadHours");
    case "valid_time":
      return times(({ validTime }) => validTime, "validTime");
    case "hour":
      return texts((pair) => `hour=${valid(pair).getUTCHours()}`);
    case "month":
      return texts((pair) => `month=${valid(pair).getUTCMonth() + 1}`);
    case "season":
      return texts((pair) => `season=${valid(pair).getUTCMonth() === 10 ? "SON" : "DJF"}`);
    case "leadBin":
      return texts(({ leadHours }) => {
        const start = leadHours - (leadHours % 12);
        return `lead=${start}..${start + 12} h`;
      });
    case "latitudeBand":
      return [...new Set(where.map(([y]) => Math.floor(y / 4) * 4))].map((south) =>
        chosen(
          `latitude=${Math.max(-90, south)}..${Math.min(90, south + 4)}`,
          (y) => y >= south && y < south + 4,
        ),
      );
    case "region":
      return Object.entries(boxes).map(([name, box]) =>
        chosen(
          `region=${name}`,
          (y, x) => y >= box.south && y <= box.north && x >= box.west && x <= box.east,
        ),
      );
    case "landSea":
      return [
        chosen("land=land", (_y, _x, i) => share(i) >= 0.5),
        chosen("land=sea", (_y, _x, i) => share(i) < 0.5),
      ];
    case "altitude":
      return ["..0 m", "0..400 m", "400..1500 m", "1500.. m"].map((name, k) =>
        chosen(
          `altitude=${name}`,
          (_y, _x, i) => height(i) >= (edges[k - 1] ?? -1e9) && height(i) < (edges[k] ?? 1e9),
        ),
      );
    case "station":
      return where.map(([y, x]) =>
        chosen(`station=${Number(y.toFixed(5))},${Number(x.toFixed(5))}`, (a, b) => a === y && b === x),
      );
  }
};

/** The same pair with everything else missing on both sides. */
const only = (pair: Pair, are: readonly boolean[]): Pair => ({
  ...mappedPair(pair, (values) => values.map((value, i) => (are[i] ? value : Number.NaN))),
  climatology: pair.climatology,
  computed: new Map(),
});

const rowsOf = (metric: Metric, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));

/** Every bit of what rows say, without the times and the name that a group adds, and without their order. */
const said = (rows: readonly MetricRow[], group = ""): string[] =>
  rows
    .map(({ initTime: _i, validTime: _v, leadHours: _l, by, ...row }) =>
      JSON.stringify({ ...row, by: (by ?? "").replace(group, "").replace(/^;/, "") }, (_, value) =>
        typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? `${value}` : value,
      ),
    )
    .sort();

const allowedOf = ({ breakdowns, needs }: Metric): readonly BreakdownKind[] =>
  breakdowns ?? (needs.whole === true ? ofTimes : KINDS);

describe.each(factories)("$name", ({ name, example }) => {
  const maker = makerOf(name, example);
  const plain = maker();

  test("each group is what belongs to it alone, and the rest is refused", () => {
    const [grid, points] = (["grid", "points"] as const).map((one) => pairsOf(plain, one)) as [
      Pair[],
      Pair[],
    ];
    let numbers = 0;
    for (const kind of KINDS) {
      const make = () => maker({ by: [asked[kind]] });
      if (!allowedOf(plain).includes(kind)) {
        expect(make, kind).toThrow(`${name} cannot be broken down by ${kind}`);
        continue;
      }
      const pairs = kind === "station" ? points : grid;
      const rows = rowsOf(make(), pairs);
      const groups = groupsOf(kind, pairs);
      numbers += rows.filter(({ value }) => !Number.isNaN(value)).length;
      expect(rows.filter((row) => !groups.some(({ is }) => is(row)))).toEqual([]);
      for (const group of groups) {
        expect(said(rows.filter(group.is), group.text), `${kind} ${group.name}`).toEqual(
          said(rowsOf(plain, group.pairs)),
        );
      }
    }
    expect(numbers).toBeGreaterThan(0);
  });

  test("where: only these places count", () => {
    const metric = maker({ where: [{ land: landShare }, { inside: boxes.south }] });
    expect(metric.parameters.where).toContain(" & inside ");
    const pairs = pairsOf(metric, "grid");
    const where = coordinates(pairs[0]!.places);
    const chosen = pairs.map((pair) =>
      only(
        pair,
        where.map(([y], i) => share(i) >= 0.5 && y <= 3),
      ),
    );
    expect(rowsOf(metric, pairs).length).toBeGreaterThan(0);
    expect(said(rowsOf(metric, pairs))).toEqual(said(rowsOf(plain, chosen)));
  });
});

const more: Readonly<Record<string, readonly object[]>> = {
  durationMeanError: [{}, { space: "each" }],
  earlySignal: [
    { space: "half" },
    { space: "half", first: "time" },
    { space: "half", above: climatologyQuantile(givenToExamples.normals, 0.5) },
  ],
};

/** What takes weights and may see points; with the options under which places are kept one by one too. */
const weighed = factories.flatMap(({ name, example }) => {
  const maker = makerOf(name, example);
  const { parameters, needs } = maker();
  if (needs.whole || !("weights" in parameters || name === "earlySignal")) return [];
  if (example.includes("ownQuantile")) return [];
  return (more[name] ?? [{}]).map((options) => ({
    name: `${name} ${JSON.stringify(options)}`,
    maker: (weights: object) => maker({ ...options, ...weights }),
  }));
});

test("density: of every metric with weights, two stations side by side count as one", () => {
  const values = (metric: Metric, of: readonly Pair[]): string[] =>
    rowsOf(metric, of).map(
      ({ value, term }) =>
        `${term} ${term === "samples" ? "" : (Math.abs(value) < 1e-12 ? 0 : value).toPrecision(11)}`,
    );
  let different = 0;
  for (const { name, maker } of weighed) {
    const pairs = pairsOf(maker({}), "grid").map(onPoints);
    const doubled = pairs.map(withTwins);
    const [density, none] = [maker({ weights: "density" }), maker({ weights: "none" })];
    const wanted = values(none, pairs);
    expect(values(density, doubled), name).toEqual(wanted);
    if (values(none, doubled).join() !== wanted.join()) different += 1;
  }
  expect(different).toBeGreaterThan(0.8 * weighed.length);
});

/** The values of a grid at stations far from each other. */
const onPoints = (pair: Pair): Pair => {
  const places = Array.from(coordinates(pair.places), (_, i) => i);
  return {
    ...pair,
    places: pointPlaces(
      Float64Array.from(places, (i) => 6 * i - 60),
      Float64Array.from(places, (i) => 15 * i),
    ),
  };
};

/** Every second point twice. */
const withTwins = (pair: Pair): Pair => {
  const { latitude, longitude } = pair.places;
  const chosen = Array.from(latitude, (_, i) => (i % 2 === 0 ? [i, i] : [i])).flat();
  const gathered = (values: Values): Values => {
    const some = Array.from(chosen, (i) => values[i]!);
    return values instanceof Float32Array ? Float32Array.from(some) : Float64Array.from(some);
  };
  return {
    ...mappedPair(pair, gathered),
    places: pointPlaces(
      Float64Array.from(chosen, (i) => latitude[i]!),
      Float64Array.from(chosen, (i) => longitude[i]!),
    ),
    computed: new Map(),
  };
};
