import { describe, expect, test } from "vitest";
import { ewb11Matching } from "../../../src/compat/ewb11/matching.ts";
import { bilinear, nearest } from "../../../src/kernels/matching.ts";
import { wholeCost } from "../../../src/model/chunk.ts";
import type { Grid } from "../../../src/model/grid.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { OpenGrid, OpenSource, PointSelection } from "../../../src/model/openSource.ts";
import type { ClimatologyField, Matching, PairRef, PairSet } from "../../../src/model/pair.ts";
import type { Region } from "../../../src/model/region.ts";
import type { Source } from "../../../src/model/source.ts";
import { bandsOf } from "../../../src/operators/flow/bands.ts";
import { CommonReadings } from "../../../src/operators/flow/commonReadings.ts";
import { UnitCutter } from "../../../src/operators/flow/cutUnit.ts";
import { Gathered } from "../../../src/operators/flow/gathered.ts";
import { Joined } from "../../../src/operators/flow/joined.ts";
import { planSet, type SetPlan, type TargetPlan, unitCost } from "../../../src/operators/flow/setPlan.ts";
import { observeUnit, type Seen } from "../../../src/operators/flow/unit.ts";
import {
  durationMeanError,
  earlySignal,
  maximumMeanAbsoluteError,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { random, shuffled, whole } from "../../../src/testing/random.ts";
import { type Chunked, chunkedGrid } from "./chunkedGrid.ts";
import { event, fakeRun, hour } from "./fakeRun.ts";

type T = { t: "K" };

const forecastTimes = (inits: number, leads: number): OpenGrid["times"] => ({
  kind: "forecast",
  leads: Array.from({ length: leads }, (_, lead) => lead * 6 * hour),
  *refs() {
    for (let init = 0; init < inits; init++)
      for (let lead = 0; lead < leads; lead++)
        yield {
          initTime: init * 6 * hour,
          lead: lead * 6 * hour,
          validTime: (init + lead) * 6 * hour,
          slot: { init, lead },
        };
  },
});
const targetTimes: OpenGrid["times"] = {
  kind: "target",
  times: Array.from({ length: 10 }, (_, i) => i * 6 * hour),
  slot: (time) => (time === 12 * hour ? undefined : { time: time / (6 * hour) }),
};
const days: OpenGrid["times"] = {
  kind: "climatology",
  slot: (time) => (time === 6 * hour ? undefined : { day: 0 }),
};

/** Points near each other in no order, three blocks of them. */
const somePoints = (next: () => number, { south, north, west, east }: Region): PointSelection => {
  const n = whole(next, 1, 9000);
  const between = (low: number, high: number) =>
    Float64Array.from({ length: n }, () => low + next() * (high - low));
  const values = (time: number) =>
    Float32Array.from({ length: n }, (_, i) => 270 + ((i * 7919 + time / hour) % 40));
  return {
    stations: Array.from({ length: n }, (_, i) => `s${i}`),
    latitude: between(south, north),
    longitude: between(west, west <= east ? east : east + 360),
    times: [],
    at: (time) => (time === 18 * hour ? undefined : { t: { unit: "K", values: values(time) } }),
    bytes: 0,
    versions: new Map([["table", "1"]]),
    warnings: [],
  };
};

interface World {
  readonly forecast: { source: Source; open: OpenGrid };
  readonly targets: readonly { source: Source; open: OpenSource }[];
  readonly normals?: { source: Source; open: OpenGrid };
  readonly points?: PointSelection;
  readonly region: Region;
  readonly matching: Matching;
  readonly unmatched?: boolean;
  readonly metrics?: readonly Metric<T>[];
}

const climatology = (source: Source): ClimatologyField<"K"> => ({
  kind: "climatology",
  source,
  variable: "t",
  unit: "K",
  text: "normals",
});

const planOf = (world: World) => {
  const { forecast, targets, normals, region, matching, points } = world;
  const metrics: readonly Metric<T>[] = world.metrics ?? [
    rootMeanSquaredError<T>("t"),
    rootMeanSquaredError<T>("t", { keep: ["init_time", "lead_time"], weights: "none" }),
    maximumMeanAbsoluteError<T>("t"),
    durationMeanError<T>("t", { above: "290.3 K", space: "each" }),
    earlySignal<T>("t", { above: "290.3 K", space: "half", time: "any", first: "space" }),
    ...(normals === undefined ? [] : [durationMeanError<T>("t", { above: climatology(normals.source) })]),
  ];
  const sides = [forecast, ...targets, ...(normals === undefined ? [] : [normals])];
  const opened = (source: Source) => sides.find((side) => side.source === source)?.open;
  const run = fakeRun([], { opened, selected: () => points });
  const set: PairSet<any> = {
    event: { ...event, region },
    forecast: forecast.source,
    targets: targets.map(({ source }) => source),
    variables: ["t"],
    only: { forecast: [], target: [] },
    units: { t: "K" },
    matching,
    unmatched: world.unmatched ?? false,
  };
  return { plan: planSet(run, set, metrics), set, metrics };
};

const refsOf = (world: World, set: PairSet<any>): PairRef<any>[] => {
  const { times } = world.forecast.open;
  if (times.kind !== "forecast") return [];
  return [...times.refs(0, 1e15)].map((ref) => ({
    initTime: ref.initTime,
    validTime: ref.validTime,
    leadHours: ref.lead / hour,
    ref,
    targets: world.targets.flatMap(({ source, open }) =>
      open.kind === "points" || (open.times.kind === "target" && open.times.slot(ref.validTime))
        ? [source.name]
        : [],
    ),
    set,
  }));
};

const memory = {
  float32: (length: number) => new Float32Array(length),
  float64: (length: number) => new Float64Array(length),
};
const { signal } = new AbortController();
const options = {
  ...{ signal, memory },
  common: new CommonReadings(() => ({ ...memory, free() {} })).unit(),
  stages: { during: <R>(_: unknown, work: () => R) => work(), begin: () => () => {} },
};

const observe = (plan: SetPlan, ref: PairRef, metrics: readonly Metric[]): Promise<readonly Seen[]> =>
  observeUnit(
    plan,
    ref,
    metrics,
    () => true,
    async () => {},
    options,
  );

/** All that `score` would say of the targets of a set: numbers to the bit, versions, refs that lack chunks, failures. */
const saying = (plan: SetPlan, metrics: readonly Metric[]) => {
  const said = new Map(
    plan.targets.map((target) => [
      target,
      {
        states: metrics.map((m) => new Gathered(m)),
        versions: new Set<string>(),
        absent: 0,
        seen: 0,
        failed: 0,
      },
    ]),
  );
  return {
    add(seen: readonly Seen[]) {
      for (const one of seen) {
        const tally = said.get(one.target)!;
        tally.seen += 1;
        if ("error" in one) {
          tally.failed += 1;
          continue;
        }
        for (const [i, state] of one.states.entries()) tally.states[i]!.add(state);
        const all = [...one.versions.forecast, ...one.versions.target];
        for (const [id, version] of all) tally.versions.add(`${id}@${version}`);
        if (all.some(([, version]) => version === "absent")) tally.absent += 1;
      }
    },
    text: () =>
      plan.targets.map((target) => {
        const { states, versions, ...counts } = said.get(target)!;
        const rows = metrics.map((metric, i) => metric.finish(states[i]!.whole()));
        return JSON.stringify([target.source.name, rows, [...versions].sort(), counts], (_, value) =>
          typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? `${value}` : value,
        );
      }),
  };
};

const everyTarget = () => true;

const compare = async (world: World, next: () => number, room: number) => {
  const { plan, set, metrics } = planOf(world);
  const refs = refsOf(world, set);
  const [uncut, cut] = [saying(plan, metrics), saying(plan, metrics)];
  const cutter = new UnitCutter(plan);
  // The least that will do: what the dearest leaf costs.
  const leaves = plan.targets.flatMap((target) => {
    const bands = bandsOf(plan, target);
    return Array.from({ length: bands.leaves }, (_, leaf) => bands.plan({ start: leaf, stop: leaf + 1 }));
  });
  const least = Math.max(
    ...refs.map((ref) => leaves.reduce((most, leaf) => Math.max(most, wholeCost(unitCost(leaf, ref))), 0)),
  );
  const limits = { comfortable: least * room, most: least * room };
  let parts = 0;
  for (const ref of refs) {
    uncut.add(await observe(plan, ref, metrics));
    const unit = cutter.cut(ref, limits, everyTarget);
    expect(unit.refused).toEqual([]);
    for (const { cost } of unit.parts) expect(wholeCost(cost)).toBeLessThanOrEqual(limits.most);
    parts = Math.max(parts, unit.parts.length);
    const joined = new Joined(metrics, unit.parts);
    for (const part of shuffled(next, unit.parts))
      cut.add(joined.add(part, await observe(part.plan, ref, metrics)));
  }
  expect(cut.text()).toEqual(uncut.text());
  return parts;
};

const axis = (next: () => number, low: number, high: number, step: number): Float64Array => {
  const n = Math.floor((high - low) / step + 1e-9) + 1;
  const values = Float64Array.from({ length: n }, (_, i) => low + i * step);
  return next() < 0.5 ? values : values.reverse();
};

const randomGrid = (next: () => number, step: number): Grid => {
  const east = next() < 0.5;
  const columns = Math.floor(360 / step);
  return {
    latitude: next() < 0.7 ? axis(next, -90, 90, step) : axis(next, -40, 50, step),
    longitude: Float64Array.from({ length: columns }, (_, i) => (east ? 0 : -180) + i * step),
  };
};

const randomRegion = (next: () => number): Region => {
  const kind = whole(next, 0, 3);
  if (kind === 0) return { south: 50, north: 90, west: 170, east: -150 };
  if (kind === 1) return { south: -90, north: -30, west: -20, east: 15 };
  if (kind === 2) return { south: -90, north: 90, west: -180, east: 180 };
  const [south, west] = [whole(next, -60, 20), whole(next, -180, 150)];
  return { south, north: south + 31.3, west, east: west + 25.7 };
};

const chunked = (next: () => number, about: Pick<Chunked, "role" | "name" | "times">): Chunked => ({
  ...about,
  grid: randomGrid(next, [2.5, 4, 7.5][whole(next, 0, 2)]!),
  rows: [1, 3, 8, 200][whole(next, 0, 3)]!,
  columns: [16, 300][whole(next, 0, 1)]!,
  deep: next() < 0.3 ? { lead: 3, time: 2, day: 1 } : {},
  single: next() < 0.6,
  absent: next() < 0.3 ? 5 : 0,
});

const matchings = [
  bilinear(),
  bilinear({ outside: "edge" }),
  nearest(),
  nearest({ outside: "edge" }),
  ewb11Matching,
];

describe("a unit cut in bands", () => {
  test("says the same as a whole one, to the bit, whatever grids, chunks, region, matching and limit", async () => {
    let cuts = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const region = randomRegion(next);
      const forecast = chunkedGrid(
        chunked(next, { role: "forecast", name: "f", times: forecastTimes(whole(next, 1, 2), 3) }),
      );
      const target = chunkedGrid(chunked(next, { role: "target", name: "o", times: targetTimes }));
      const points = {
        source: { ...target.source, name: "p", format: "stations" as const, address: "memory:p" },
        open: { kind: "points" } as unknown as OpenSource,
      };
      // Half of the targets lie on the forecast's own grid, or on every second row of it.
      const same = chunkedGrid({
        ...chunked(next, { role: "target", name: "s", times: targetTimes }),
        grid: {
          latitude: forecast.open.grid.latitude.filter((_, i) => i % whole(random(seed), 1, 2) === 0),
          longitude: forecast.open.grid.longitude,
        },
      });
      const normals =
        next() < 0.5
          ? { normals: chunkedGrid(chunked(next, { role: "climatology", name: "n", times: days })) }
          : {};
      const targets = shuffled(next, [target, same, points]).slice(0, whole(next, 1, 3));
      const world: World = {
        forecast,
        targets,
        ...normals,
        points: somePoints(next, region),
        region,
        matching: matchings[seed % matchings.length]!,
        unmatched: next() < 0.2,
      };
      const grids = targets.flatMap(({ open }) => (open.kind === "grid" ? [open.grid] : []));
      const sides = [forecast, ...Object.values(normals)].map(({ open }) =>
        world.matching.forecastWindow(open.grid, region),
      );
      const windows = [...sides, ...grids.map((grid) => world.matching.window(grid, region))];
      if (windows.includes(undefined)) continue;
      const parts = await compare(world, next, [1, 1.1, 1.5, 3][seed % 4]!);
      if (parts > targets.length) cuts += 1;
    }
    expect(cuts).toBeGreaterThan(20);
  });
});

const quarter: Grid = {
  latitude: Float64Array.from({ length: 61 }, (_, i) => 60 - i),
  longitude: Float64Array.from({ length: 60 }, (_, i) => i),
};
const region: Region = { south: 0, north: 60, west: 0, east: 59 };
const simple = (
  more: { forecast?: Partial<Chunked>; target?: Partial<Chunked>; matching?: Matching } = {},
): World => ({
  forecast: chunkedGrid({
    role: "forecast",
    name: "f",
    times: forecastTimes(1, 3),
    grid: quarter,
    rows: 10,
    columns: 60,
    ...more.forecast,
  }),
  targets: [
    chunkedGrid({
      role: "target",
      name: "o",
      times: targetTimes,
      grid: quarter,
      rows: 10,
      columns: 60,
      ...more.target,
    }),
  ],
  region,
  matching: more.matching ?? bilinear(),
  metrics: [rootMeanSquaredError<T>("t")],
});

const cutOf = (world: World, limits: { comfortable: number; most: number }) => {
  const { plan, set } = planOf(world);
  const [ref] = refsOf(world, set);
  const wanted = (target: TargetPlan) => plan.targets.includes(target);
  return { ...new UnitCutter(plan).cut(ref!, limits, wanted), plan, whole: wholeCost(unitCost(plan, ref!)) };
};

const rowsOf = ({ parts }: ReturnType<typeof cutOf>) =>
  parts.map(({ plan }) => {
    const { values } = plan.targets[0]!;
    if (values.kind !== "grid") throw new Error("a grid was expected");
    return [values.window.rows.start, values.window.rows.stop, plan.window.rows.start, plan.window.rows.stop];
  });

describe("the cut", () => {
  test("is as coarse as fits and ends at the borders of store chunks", () => {
    const { whole } = cutOf(simple(), { comfortable: 1e9, most: 1e9 });
    expect(rowsOf(cutOf(simple(), { comfortable: whole, most: whole }))).toEqual([[0, 61, 0, 61]]);
    // A third of the whole is a little more than two of seven rows of chunks.
    expect(rowsOf(cutOf(simple(), { comfortable: whole / 3, most: whole }))).toEqual([
      [0, 20, 0, 20],
      [20, 40, 20, 40],
      [40, 60, 40, 60],
      [60, 61, 60, 61],
    ]);
  });

  test("goes back to a border where a band would end within a chunk", () => {
    const { plan } = cutOf(simple(), { comfortable: 1e9, most: 1e9 });
    const [ref] = refsOf(simple(), plan.set);
    const part = bandsOf(plan, plan.targets[0]!).plan({ start: 0, stop: 25 });
    const comfortable = wholeCost(unitCost(part, ref!));
    expect(rowsOf(cutOf(simple(), { comfortable, most: 1e9 })).map(([start, stop]) => [start, stop])).toEqual(
      [
        [0, 20],
        [20, 40],
        [40, 61],
      ],
    );
  });

  test("keeps the precision of the whole: rows that are copied beside rows that are interpolated", async () => {
    const single = { single: true, rows: 1 };
    const metrics = [durationMeanError<T>("t", { above: "290.3 K", space: "each" })];
    for (const step of [1, 3]) {
      const latitude = Float64Array.from({ length: 12 }, (_, i) =>
        i < 6 ? i * step : i * step + 0.5,
      ).reverse();
      const world = simple({ forecast: single, target: { ...single, grid: { ...quarter, latitude } } });
      const inside = { ...region, north: Math.ceil(latitude[0]!) };
      expect(await compare({ ...world, metrics, region: inside }, random(1), 2)).toBeGreaterThan(2);
    }
  });

  test("reads every chunk that the whole unit reads, and each for as few bands as may be", () => {
    const world = simple({
      target: { grid: { ...quarter, latitude: Float64Array.from({ length: 7 }, (_, i) => i * 10) } },
    });
    const { whole, plan } = cutOf(world, { comfortable: 1e9, most: 1e9 });
    const cut = cutOf(world, { comfortable: whole / 3, most: whole });
    const touched = cut.parts.flatMap(({ cost }) => cost.chunks.map(({ id }) => id));
    const [ref] = refsOf(world, plan.set);
    expect(new Set(touched)).toEqual(new Set(unitCost(plan, ref!).chunks.map(({ id }) => id)));
    expect(touched.filter((id) => id.startsWith("f")).length).toBeLessThanOrEqual(7 + cut.parts.length);
  });

  test("leaves a unit whole for a metric that looks at all places at once, and refuses what is above the budget", () => {
    const looks = rootMeanSquaredError<T>("t");
    const metrics = [{ ...looks, needs: { ...looks.needs, whole: true } }];
    const world = { ...simple(), metrics };
    const { whole } = cutOf(world, { comfortable: 1e9, most: 1e9 });
    expect(cutOf(world, { comfortable: whole / 3, most: whole }).parts.length).toBe(1);
    const { refused } = cutOf(world, { comfortable: whole / 3, most: whole / 2 });
    expect(refused.map(({ error }) => error.message)).toEqual([
      expect.stringContaining("rootMeanSquaredError looks at all places of a unit at once"),
    ]);
  });

  test("does not cut what a cut does not make smaller, and takes the room there is", () => {
    const world = simple({ forecast: { rows: 61 }, target: { rows: 61 } });
    const { whole, refused, parts } = cutOf(world, { comfortable: 1e9, most: 1e9 });
    expect([refused.length, parts.length]).toEqual([0, 1]);
    expect(cutOf(world, { comfortable: whole / 10, most: whole }).parts.length).toBe(1);
    expect(cutOf(world, { comfortable: whole / 10, most: whole * 0.9 }).parts.length).toBeGreaterThan(1);
  });

  test("is chosen once for a set, and again when the limits move", () => {
    const world = simple();
    const { plan, set } = planOf(world);
    const refs = refsOf(world, set);
    const cutter = new UnitCutter(plan);
    const at = (ref: PairRef, comfortable: number) =>
      cutter.cut(ref, { comfortable, most: 1e9 }, everyTarget).parts.map((part) => part.plan);
    const first = at(refs[0]!, 60_000);
    expect(at(refs[1]!, 60_000).every((one, i) => one === first[i])).toBe(true);
    expect(at(refs[1]!, 30_000).length).toBeGreaterThan(first.length);
    expect(at(refs[1]!, 1e9)).toEqual([plan]);
  });

  test("a part that fails fails its ref once, the others of the ref say nothing more", async () => {
    const world = simple({ forecast: { fails: (id) => id === "f/0.1.2.0" || id === "f/0.1.4.0" } });
    const { plan, set, metrics } = planOf(world);
    const said = saying(plan, metrics);
    for (const ref of refsOf(world, set).slice(0, 2)) {
      const { parts } = new UnitCutter(plan).cut(ref, { comfortable: 30_000, most: 1e9 }, everyTarget);
      expect(parts.length).toBeGreaterThan(4);
      const joined = new Joined(metrics, parts);
      const over = [];
      for (const part of parts) {
        said.add(joined.add(part, await observe(part.plan, ref, metrics)));
        over.push(joined.over());
      }
      expect(over).toEqual(parts.map((_, i) => i === parts.length - 1));
    }
    expect(said.text()[0]).toMatch(/"seen":2,"failed":1/);
  });
});

test("a chunk holds a value where any part of its ref has found one, if all parts tell", async () => {
  const world = simple();
  const { plan, set, metrics } = planOf(world);
  const [ref] = refsOf(world, set);
  const { parts } = new UnitCutter(plan).cut(ref!, { comfortable: 30_000, most: 1e9 }, everyTarget);
  const joined = new Joined(metrics, parts);
  const found = [];
  for (const [i, part] of parts.entries()) {
    const filled = {
      forecast: new Set(i === 1 ? ["f/0"] : []),
      target: i === 2 ? undefined : new Set(["o/0"]),
    };
    const seen = await observe(part.plan, ref!, metrics);
    found.push(
      ...joined.add(
        part,
        seen.map((one) => ("error" in one ? one : { ...one, filled })),
      ),
    );
  }
  expect(found.map((one) => "filled" in one && one.filled)).toEqual([
    { forecast: new Set(["f/0"]), target: undefined },
  ]);
});

describe("what cannot be cut is refused", () => {
  const refusal = (world: World, limits = { comfortable: 1000, most: 50_000 }) =>
    cutOf(world, limits).refused[0]?.error;

  test("naming variable, chunk, its shape, what is needed and there, and what to try", () => {
    const error = refusal(simple({ target: { rows: 61, deep: { time: 40 } } }), {
      comfortable: 1e6,
      most: 1.5e6,
    });
    expect(error).toMatchObject({ tag: "OverBudget", place: { source: "memory:o", variable: "t" } });
    expect(error!.message).toBe(
      "the smallest part of a unit needs 1.8 MB, one unit may hold 1.5 MB (t of f against o, case 1 a case). " +
        "Its largest chunk, of t (memory:o/t2m), has the shape 40 x 61 x 60 and takes 1.2 MB decoded and up to 0.6 MB " +
        "encoded. Give at least 0.3 MB more to each worker (a larger --memory, or fewer --workers that share it), ask " +
        "for fewer variables at once, or use a store with smaller chunks.",
    );
  });

  test("a matching without bands and a preprocess hook are not cut, and that is said", () => {
    const { bands: _, ...own } = bilinear();
    expect(refusal(simple())).toBeUndefined();
    expect(refusal(simple({ matching: own }))!.message).toMatch(/cannot be cut \(this matching puts/);
    const hooked = simple({ target: { preprocess: (fields) => fields } });
    expect(refusal(hooked)!.message).toMatch(/cannot be cut \(preprocess of o may look at all places/);
    // It is taken whole where it fits.
    expect(cutOf(hooked, { comfortable: 1000, most: 1e9 }).parts.length).toBe(1);
  });

  test("alone: a target that fits goes on", () => {
    const world = simple();
    const deep = simple({ target: { name: "deep", rows: 61, deep: { time: 100 } } });
    const { parts, refused } = cutOf(
      { ...world, targets: [...deep.targets, ...world.targets] },
      { comfortable: 50_000, most: 100_000 },
    );
    expect(refused.map(({ target }) => target.source.name)).toEqual(["deep"]);
    expect(new Set(parts.map(({ of }) => of!.source.name))).toEqual(new Set(["o"]));
  });
});
