import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCases } from "../../src/catalog/caseFile.ts";
import { caseText } from "../../src/catalog/sample/caseText.ts";
import { fieldOn, fineGrid, sampleStart, times } from "../../src/catalog/sample/grids.ts";
import { noisePlane } from "../../src/catalog/sample/noise.ts";
import { randomAt } from "../../src/catalog/sample/random.ts";
import { cosineOfTurns, hump, smoothStep } from "../../src/catalog/sample/shapes.ts";
import { type StationReport, stationReports } from "../../src/catalog/sample/stations.ts";
import {
  analysisStore,
  climatologyStore,
  modelAStore,
  modelBStore,
  type SampleStore,
} from "../../src/catalog/sample/stores.ts";
import { sampleDataSet } from "../../src/catalog/sampleDataSet.ts";
import { ensureSample, expectedSampleHash, sampleHash } from "../../src/runtime/sampleData.ts";
import { openSource } from "../../src/sources/openSource.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { testContext } from "../sources/zarr/context.ts";

const hours = 3_600_000;

/** Values of a store's array by place; a chunk is made once. */
const reader = ({ arrays }: SampleStore) => {
  const array = arrays.at(-1)!;
  const axis = (name: string) => [...arrays.find((some) => some.name === name)!.chunk([0])].map(Number);
  const chunks = new Map<string, ArrayLike<number | bigint>>();
  const value = (...index: number[]) => {
    const coords = index.map((i, d) => Math.floor(i / array.chunks[d]!));
    const key = coords.join(".");
    if (!chunks.has(key)) chunks.set(key, array.chunk(coords));
    const at = index.reduce((sum, i, d) => {
      const length = Math.min(array.chunks[d]!, array.shape[d]! - coords[d]! * array.chunks[d]!);
      return sum * length + (i % array.chunks[d]!);
    }, 0);
    return Number(chunks.get(key)![at]);
  };
  return { array, axis, value, latitude: axis("latitude"), longitude: axis("longitude") };
};

const analysis = reader(analysisStore());
const climatology = reader(climatologyStore());
const models = { a: reader(modelAStore()), b: reader(modelBStore()) };
/** The same place in longitudes -180..180. */
const degrees = (x: number) => (x > 180 ? x - 360 : x);

/** Mean of a field over a box, longitudes -180..180. */
const boxMean = (
  { latitude, longitude }: { latitude: number[]; longitude: number[] },
  value: (j: number, i: number) => number,
  [south, north, west, east]: readonly [number, number, number, number],
) => {
  let [sum, count] = [0, 0];
  latitude.forEach((y, j) => {
    longitude.forEach((x, i) => {
      if (y < south || y > north || degrees(x) < west || degrees(x) > east) return;
      sum += value(j, i);
      count++;
    });
  });
  return sum / count;
};
const west = [42, 52, -8, 8] as const;
const centre = [45, 55, 6, 20] as const;
const analysisMean = (hour: number, box: typeof west | typeof centre) =>
  boxMean(analysis, (j, i) => analysis.value(hour - times.analysis[0]!, j, i), box);

describe("layouts", () => {
  test("the analysis is hourly, north to south, east of Greenwich from 0 on", () => {
    expect(analysis.array.dims).toEqual(["time", "latitude", "longitude"]);
    expect([analysis.latitude[0], analysis.latitude.at(-1)]).toEqual([72, 34]);
    expect([analysis.longitude[0], analysis.longitude.at(-1)]).toEqual([348, 23]);
    expect(analysis.longitude.every((x) => x >= 0 && x < 360)).toBe(true);
    const stored = analysis.axis("time");
    expect(Date.UTC(1959, 0, 1) + stored[0]! * hours).toBe(Date.UTC(2024, 6, 6));
    expect(stored.every((hour, i) => hour === stored[0]! + i)).toBe(true);
  });

  test("model A has the grid of the analysis, model B another in other conventions", () => {
    const { a, b } = models;
    expect(a.array.dims).toEqual(["time", "prediction_timedelta", "latitude", "longitude"]);
    expect([a.latitude, a.longitude]).toEqual([analysis.latitude, analysis.longitude]);
    expect([b.latitude[0], b.latitude.at(-1), b.longitude[0], b.longitude.at(-1)]).toEqual([34, 72, -12, 23]);
    for (const { axis, array } of [a, b]) {
      expect(axis("prediction_timedelta")).toEqual(Array.from({ length: 29 }, (_, i) => 6 * i));
      expect(Date.UTC(1959, 0, 1) + axis("time")[0]! * hours).toBe(sampleStart);
      expect(array.shape[0]).toBe(28);
    }
  });

  test("the climatology has a quantile, a day of the year and an hour", () => {
    expect(climatology.array.dims.slice(0, 3)).toEqual(["quantile", "dayofyear", "hour"]);
    expect(climatology.axis("quantile")).toEqual([0.15, 0.85]);
    const days = climatology.axis("dayofyear");
    const dayOf = (time: number) => Math.floor((time - Date.UTC(2024, 0, 0)) / (24 * hours));
    expect(days).toContain(dayOf(sampleStart + times.analysis[0]! * hours));
    expect(days).toContain(dayOf(sampleStart + times.analysis.at(-1)! * hours));
  });

  test("cases are valid, of two types, one across the prime meridian, and inside the data", () => {
    const { cases, defects } = parseCases(caseText, "cases.yaml");
    expect(defects).toEqual([]);
    expect(cases.map(({ type }) => type)).toEqual(["heat_wave", "heat_wave", "severe_convection"]);
    expect(cases.some(({ region }) => region.west < 0 && region.east > 0)).toBe(true);
    for (const { start, end, region } of cases) {
      expect(start).toBeGreaterThanOrEqual(sampleStart + times.analysis[0]! * hours);
      expect(end).toBeLessThanOrEqual(sampleStart + times.analysis.at(-1)! * hours);
      expect([region.south >= 34, region.north <= 72, region.west >= -12, region.east <= 23]).not.toContain(
        false,
      );
    }
    expect((cases[0]!.end - cases[0]!.start) / hours).toBe(9 * 24);
  });
});

describe("values", () => {
  test("temperatures are plausible, on steps of 2^-9 K", () => {
    let [least, most] = [1e9, -1e9];
    for (let t = 0; t < times.analysis.length; t += 6) {
      for (let j = 0; j < 77; j++) {
        for (let i = 0; i < 71; i++) {
          const value = analysis.value(t, j, i);
          expect(value * 512).toBe(Math.round(value * 512));
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    expect(least).toBeGreaterThan(262);
    expect(least).toBeLessThan(285);
    expect(most).toBeGreaterThan(308);
    expect(most).toBeLessThan(322);
  });

  test("afternoons are warmer than mornings", () => {
    for (let day = 6; day < 17; day++) {
      expect(analysisMean(24 * day + 15, west) - analysisMean(24 * day + 4, west)).toBeGreaterThan(4);
    }
  });

  test("the heat builds up, moves east and ends", () => {
    const noon = (day: number, box: typeof west | typeof centre) => analysisMean(24 * (day - 1) + 15, box);
    expect(noon(12, west) - noon(7, west)).toBeGreaterThan(5);
    expect(noon(12, west) - noon(18, west)).toBeGreaterThan(5);
    const warmest = (box: typeof west | typeof centre) =>
      Array.from({ length: 12 }, (_, i) => 7 + i).reduce((a, b) => (noon(b, box) > noon(a, box) ? b : a));
    expect(warmest(centre)).toBeGreaterThan(warmest(west));
  });

  test("the heat wave is above the 85 % quantile for days, what comes before and after is not", () => {
    const above = (day: number) => {
      const d = climatology.axis("dayofyear").indexOf(182 + day);
      const limit = boxMean(climatology, (j, i) => climatology.value(1, d, 2, j, i), west);
      return analysisMean(24 * (day - 1) + 12, west) > limit;
    };
    expect(Array.from({ length: 13 }, (_, i) => above(6 + i))).toEqual([
      ...[false, false, false],
      ...[true, true, true, true, true, true, true],
      ...[false, false, false],
    ]);
    const [low, high] = [0, 1].map((q) =>
      boxMean(climatology, (j, i) => climatology.value(q, 8, 2, j, i), west),
    );
    expect(high! - low!).toBeGreaterThan(3);
  });

  /** Error of a model at a lead over all runs, on the grid points of model B; and where it is hot. */
  const errorAt = (model: "a" | "b", lead: number) => {
    const { latitude, longitude, value } = models[model];
    const truth = new Map<string, number>();
    for (const [j, y] of analysis.latitude.entries()) {
      for (const [i, x] of analysis.longitude.entries()) truth.set(`${y} ${degrees(x)}`, j * 71 + i);
    }
    let [squares, count, hot, hotCount] = [0, 0, 0, 0];
    times.inits.forEach((init, t) => {
      const at = times.analysis.indexOf(init + lead);
      if (at < 0) return;
      latitude.forEach((y, j) => {
        longitude.forEach((x, i) => {
          if (y % 1 !== 0 || degrees(x) % 1 !== 0 || y < 42 || y > 55 || degrees(x) < -8 || degrees(x) > 20)
            return;
          const cell = truth.get(`${y} ${degrees(x)}`)!;
          const real = analysis.value(at, Math.floor(cell / 71), cell % 71);
          const error = value(t, lead / 6, j, i) - real;
          squares += error * error;
          count++;
          if (real > 306) {
            hot += error;
            hotCount++;
          }
        });
      });
    });
    return { rmse: Math.sqrt(squares / count), hot: hot / hotCount };
  };

  test("errors grow with lead, model A is better, the peak is underestimated", () => {
    const leads = [0, 48, 96, 168];
    const [a, b] = (["a", "b"] as const).map((model) => leads.map((lead) => errorAt(model, lead)));
    expect(a![0]!.rmse).toBeGreaterThan(0.2);
    expect(a![0]!.rmse).toBeLessThan(0.5);
    for (let i = 1; i < leads.length; i++) {
      expect(a![i]!.rmse).toBeGreaterThan(a![i - 1]!.rmse);
      expect(b![i]!.rmse).toBeGreaterThan(b![i - 1]!.rmse);
    }
    leads.forEach((_, i) => void expect(b![i]!.rmse).toBeGreaterThan(a![i]!.rmse));
    expect(a!.at(-1)!.rmse).toBeGreaterThan(1.5);
    expect(b!.at(-1)!.rmse).toBeLessThan(4);
    expect(a!.at(-1)!.hot).toBeLessThan(-0.8);
    expect(b!.at(-1)!.hot).toBeLessThan(a!.at(-1)!.hot);
  });
});

describe("stations", () => {
  const reports = [...stationReports()];
  const byStation = new Map<string, StationReport[]>();
  for (const report of reports)
    byStation.set(report.station, [...(byStation.get(report.station) ?? []), report]);

  test("there are 96, in hundredths of a degree and of a kelvin, with gaps and missing values", () => {
    expect(byStation.size).toBe(96);
    const values = reports.map((report) => report.surface_air_temperature);
    const missing = values.filter((value) => value === null).length;
    expect(missing / values.length).toBeGreaterThan(0.001);
    expect(missing / values.length).toBeLessThan(0.02);
    for (const { latitude, surface_air_temperature: value } of reports) {
      expect(Math.abs(latitude * 100 - Math.round(latitude * 100))).toBeLessThan(1e-9);
      if (value !== null) expect([value > 265, value < 325]).toEqual([true, true]);
    }
    const lengths = [...byStation.values()].map((some) => some.length);
    expect(Math.min(...lengths)).toBeLessThan(110);
    expect(Math.max(...lengths)).toBeGreaterThan(290);
    const gaps = [...byStation.values()].flatMap((some) =>
      some.slice(1).map((report, i) => (report.valid_time - some[i]!.valid_time) / hours),
    );
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(30);
  });

  test("they agree with the analysis but for a degree or two", () => {
    let [squares, count] = [0, 0];
    for (const { valid_time, latitude, longitude, surface_air_temperature: value } of reports) {
      if (value === null || valid_time % (24 * hours) !== 0) continue;
      const j = Math.round((72 - latitude) * 2);
      const i = Math.round((longitude + 12) * 2);
      const real = analysis.value((valid_time - sampleStart) / hours - times.analysis[0]!, j, i);
      squares += (value - real) * (value - real);
      count++;
    }
    expect(Math.sqrt(squares / count)).toBeGreaterThan(0.3);
    expect(Math.sqrt(squares / count)).toBeLessThan(2);
  });
});

describe("shapes", () => {
  test("are what they say", () => {
    for (let turns = -2; turns < 2; turns += 0.01) {
      expect(Math.abs(cosineOfTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(0.002);
    }
    expect([-1, 0, 0.5, 1, 2].map(smoothStep)).toEqual([0, 0, 0.5, 1, 1]);
    expect([0, 0.5, 1, 2].map(hump)).toEqual([1, 0.25, 0, 0]);
  });

  test("random numbers fill [-1, 1) and depend on every integer", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => randomAt(1, i % 100, Math.floor(i / 100), 3));
    expect(new Set(values).size).toBeGreaterThan(9_990);
    expect(Math.abs(values.reduce((a, b) => a + b) / 10_000)).toBeLessThan(0.02);
    expect(Math.min(...values)).toBeLessThan(-0.99);
    expect(Math.max(...values)).toBeGreaterThan(0.99);
    expect(
      new Set([
        randomAt(1, 2, 3, 4),
        randomAt(2, 2, 3, 4),
        randomAt(1, 3, 3, 4),
        randomAt(1, 2, 4, 4),
        randomAt(1, 2, 3, 5),
      ]).size,
    ).toBe(5);
  });

  test("noise is smooth, near one in size, and moves with its drift", () => {
    const plane = noisePlane(7, 5, 1.5, 0);
    const field = fieldOn(fineGrid, plane);
    const mean = field.reduce((a, b) => a + b) / field.length;
    const size = Math.sqrt(field.reduce((a, b) => a + (b - mean) * (b - mean), 0) / field.length);
    expect(size).toBeGreaterThan(0.5);
    expect(size).toBeLessThan(1.6);
    expect(Math.abs(plane(50, 5) - plane(50, 5.01))).toBeLessThan(0.05);
    expect(noisePlane(7, 5, 1.5, 3)(50, 8)).toBeCloseTo(plane(50, 5), 9);
  });

  test("nothing that may differ between versions is used", async () => {
    const folder = join(import.meta.dirname, "..", "..", "src", "catalog", "sample");
    for (const name of readdirSync(folder)) {
      const code = (await readFile(join(folder, name), "utf8")).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      expect([
        name,
        code.match(/\*\*|Math\.(?!floor|round|ceil|min|max|imul)\w+|Date\.now|new Date|toLocale|Intl/),
      ]).toEqual([name, null]);
    }
  });
});

describe("ensureSample", () => {
  const cache = join(tmpdir(), `ewb-sample-test-${process.pid}`);
  let folder = "";
  beforeAll(async () => {
    const both = await Promise.all([ensureSample(cache), ensureSample(cache)]);
    folder = both[0].folder;
    expect(both.map(({ folder }) => folder)).toEqual([folder, folder]);
  }, 60_000);
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test("two at once give one whole sample", async () => {
    expect(readdirSync(cache)).toEqual([`sample-v1-${expectedSampleHash.slice(0, 12)}`]);
    expect(join(cache, readdirSync(cache)[0]!)).toBe(folder);
    expect(readdirSync(folder).sort()).toEqual([
      "cases.yaml",
      "climatology.zarr",
      "era5.zarr",
      "manifest.json",
      "model-a.zarr",
      "model-b.zarr",
      "stations.parquet",
    ]);
  });

  test("its bytes are the expected ones", async () => {
    expect(await sampleHash(folder)).toBe(expectedSampleHash);
  });

  test("the hash depends on paths and bytes", async () => {
    const small = join(cache, "..", `ewb-hash-test-${process.pid}`);
    mkdirSync(join(small, "b"), { recursive: true });
    writeFileSync(join(small, "b", "x"), "1");
    writeFileSync(join(small, "a"), "23");
    const expected = createHash("sha256").update("a\x002\x0023b/x\x001\x001").digest("hex");
    expect(await sampleHash(small)).toBe(expected);
    rmSync(small, { recursive: true });
  });

  test("it is made once", async () => {
    let said = 0;
    const again = await ensureSample(cache, { onMake: () => said++ });
    expect([again, said]).toEqual([{ folder, made: false }, 0]);
  });

  test("its sources open, and DuckDB reads the stations", async () => {
    const { forecasts, targets, climatologies } = sampleDataSet(folder);
    const quantile = { surface_air_temperature: { name: "2m_temperature", at: { quantile: 0.85 } } };
    const opened = await Promise.all(
      [...forecasts, ...targets, ...climatologies.map((source) => ({ ...source, mapping: quantile }))].map(
        async (source) => {
          const open = await openSource(source, testContext());
          await open.check(["surface_air_temperature"]);
          return { name: source.name, kind: open.kind, warnings: open.warnings };
        },
      ),
    );
    expect(opened).toEqual([
      { name: "sample-model-a", kind: "grid", warnings: [] },
      { name: "sample-model-b", kind: "grid", warnings: [] },
      { name: "sample-era5", kind: "grid", warnings: [] },
      { name: "sample-stations", kind: "points", warnings: [] },
      { name: "sample-climatology", kind: "grid", warnings: [] },
    ]);
    const array = await (await openZarr(await openStore(join(folder, "model-b.zarr")), testContext())).array(
      "2m_temperature",
    );
    const chunk = await array.chunk([27, 3, 0, 0], {});
    // Leads 144, 150, 156, 162 and 168 h; the chunk has room for three more.
    expect([...chunk!.values.slice(4 * 39 * 36, 4 * 39 * 36 + 36)]).toEqual(
      Array.from({ length: 36 }, (_, i) => models.b.value(27, 28, 0, i)),
    );
    expect(chunk!.values[5 * 39 * 36]).toBeNaN();
    const connection = await (await DuckDBInstance.create()).connect();
    const answer = await connection.runAndReadAll(
      `select count(*), count(distinct station), min(valid_time), count(*) - count(surface_air_temperature) from '${join(folder, "stations.parquet")}'`,
    );
    const reports = [...stationReports()];
    expect(answer.getRowsJS()).toEqual([
      [
        BigInt(reports.length),
        96n,
        new Date(Date.UTC(2024, 6, 6)),
        BigInt(reports.filter((report) => report.surface_air_temperature === null).length),
      ],
    ]);
    connection.closeSync();
  });

  test.each([
    ["a file that is gone", (path: string) => rmSync(path)],
    ["a file that is cut", (path: string) => truncateSync(path, 100)],
  ])(
    "%s is noticed, and the sample made anew; what killed runs left is removed",
    async (_, damage) => {
      damage(join(folder, "model-a.zarr", "2m_temperature", "3.4.0.0"));
      const stale = join(cache, "sample-v1-0.part");
      mkdirSync(stale, { recursive: true });
      utimesSync(stale, 0, 0);
      const fresh = join(cache, "sample-v1-1.part");
      mkdirSync(fresh, { recursive: true });
      expect((await ensureSample(cache)).made).toBe(true);
      expect(statSync(join(folder, "model-a.zarr", "2m_temperature", "3.4.0.0")).size).toBe(77 * 71 * 4);
      expect([existsSync(stale), existsSync(fresh)]).toEqual([false, true]);
      rmSync(fresh, { recursive: true });
      expect((await ensureSample(cache)).made).toBe(false);
    },
    60_000,
  );

  test("a cache that cannot be written is named", async () => {
    const file = join(cache, "file");
    writeFileSync(file, "");
    await expect(ensureSample(file)).rejects.toMatchObject({ tag: "Write" });
  });
});
