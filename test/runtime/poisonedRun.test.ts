/** Whole runs with buffers that hold garbage when they are taken, and again when they are given back. */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, eachCase, pairs, type Row, type Run, score } from "ewb";
import { inMemory } from "ewb/catalog";
import { climatologyQuantile, durationMeanError, meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from, lastValueFrom, type Observable, take, toArray } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryBudget } from "../../src/operators/flow/budget.ts";
import { chunkCache } from "../../src/runtime/chunkCache.ts";
import { createRun } from "../../src/runtime/createRun.ts";
import type { RunOptions } from "../../src/runtime/options.ts";
import type { RunMemory } from "../../src/runtime/runMemory.ts";
import { ensureSample } from "../../src/runtime/sampleData.ts";
import { cache } from "../cli/ewb.ts";
import { dataSetOf } from "../golden/program.ts";
import { countedBuffers } from "./countedBuffers.ts";

const air = "surface_air_temperature";

const poisoned = (limit: number) => {
  const buffers = countedBuffers();
  const chunks = chunkCache(buffers);
  const budget = new MemoryBudget(limit, { chunks, most: 1e9 });
  chunks.onFreed = () => budget.freed();
  const memory = {
    budget,
    chunks,
    buffers,
    workspace: () => buffers.workspace(),
    state: () => ({ states: budget.kept }),
  } as unknown as RunMemory;
  return { buffers, budget, chunks, memory };
};

const scored = (run: Run): Observable<Row> => {
  const forecasts = run.sources("forecast", { [air]: "K" });
  const targets = run.sources("target", { [air]: "K" });
  const [normals] = run.sources("climatology", { [air]: "K" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: [air] }).pipe(
            score(
              run,
              meanError(air),
              rootMeanSquaredError(air, { keep: ["init_time"] }),
              durationMeanError(air, { above: normals ? climatologyQuantile(normals, 0.85) : "290 K" }),
            ),
          ),
        ),
      ),
    ),
  );
};

const textOf = (rows: readonly Row[]) =>
  rows.map((row) => JSON.stringify(row, (_, v) => (typeof v === "number" ? String(v) : v))).sort();

const runOf = async (options: RunOptions, memory?: RunMemory, most = Number.POSITIVE_INFINITY) => {
  const run = await createRun(options, memory === undefined ? {} : { memory });
  try {
    const rows = await lastValueFrom(scored(run).pipe(take(most), toArray()), { defaultValue: [] });
    // What was read for those that are gone comes late.
    for (let i = 0; i < 100 && memory !== undefined && run.budget.used > memory.state().states; i++)
      await new Promise((later) => setTimeout(later, 10));
    return { rows: textOf(rows), failures: run.failures.map(({ message }) => message).sort() };
  } finally {
    await run[Symbol.asyncDispose]();
  }
};

/** All is given back but the cache, and the cache when it goes. */
const nothingLeft = async ({ buffers, budget, chunks }: ReturnType<typeof poisoned>) => {
  const out = () => {
    chunks.drop(Number.POSITIVE_INFINITY);
    return buffers.out;
  };
  for (let i = 0; i < 200 && out() > 0; i++) await new Promise((later) => setTimeout(later, 10));
  expect([budget.used - budget.kept, out(), chunks.cached, buffers.faults]).toEqual([0, 0, 0, []]);
};

let folder: string;
let sample: string;
beforeAll(async () => {
  sample = (await ensureSample(cache)).folder;
  folder = mkdtempSync(join(tmpdir(), "ewb-poisoned-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a run with buffers that hold garbage gives the same rows, and gives all of them back", () => {
  const limits = [1e9, 3e6, 1];

  test("over stores", async () => {
    const options: RunOptions = { cache, out: folder, select: { limit: 25 } };
    const wanted = await runOf(options);
    expect(wanted.rows.length).toBeGreaterThan(10);
    expect(wanted.failures).toEqual([]);
    for (const limit of limits) {
      const made = poisoned(limit);
      expect(await runOf(options, made.memory)).toEqual(wanted);
      expect(made.buffers.taken).toBeGreaterThan(100);
      await nothingLeft(made);
    }
  });

  test("over memory", async () => {
    const data = (seed: number, count: number) =>
      Float32Array.from({ length: count }, (_, i) =>
        (i * seed) % 97 === 0 ? Number.NaN : 270 + ((i * seed) % 41),
      );
    const longitude = Array.from({ length: 8 }, (_, i) => i);
    const latitude = Array.from({ length: 6 }, (_, i) => i);
    const times = Array.from({ length: 8 }, (_, i) => new Date(Date.UTC(2021, 5, 20, 6 * i)).toISOString());
    const grid = { latitude, longitude };
    const forecast = inMemory({
      role: "forecast",
      name: "f",
      variables: { [air]: "K" },
      arrays: {
        [air]: {
          dims: ["init_time", "lead_time", "member", "latitude", "longitude"],
          coords: { init_time: times.slice(0, 3), lead_time: [0, 6, 12], member: [1, 2, 3], ...grid },
          data: data(31, 3 * 3 * 3 * 48),
        },
      },
    });
    const target = inMemory({
      role: "target",
      name: "o",
      variables: { [air]: "K" },
      arrays: {
        [air]: {
          dims: ["valid_time", "latitude", "longitude"],
          coords: { valid_time: times, latitude: [0.5, 1.5, 2.5], longitude: [2.25, 3.25, 4.75, 9] },
          data: data(17, 8 * 12),
        },
      },
    });
    const made = (): RunOptions => ({
      out: folder,
      data: {
        ...dataSetOf({
          cases: [
            {
              id: 1,
              title: "a case",
              type: "heat_wave",
              start: Date.UTC(2021, 5, 20),
              end: Date.UTC(2021, 5, 22),
              region: { south: -90, north: 90, west: -180, east: 180 },
            },
          ],
          forecasts: [forecast],
          targets: [target],
        } as never),
      },
    });
    const wanted = await runOf(made());
    expect(wanted.rows.length).toBeGreaterThan(3);
    for (const limit of limits) {
      const one = poisoned(limit);
      expect(await runOf(made(), one.memory)).toEqual(wanted);
      await nothingLeft(one);
    }
  });

  test("with damaged chunks: the same failures, nothing is left", async () => {
    const copy = join(folder, "damaged");
    cpSync(sample, copy, { recursive: true });
    let damaged = 0;
    for (const name of readdirSync(join(copy, "model-b.zarr"), { recursive: true }) as string[]) {
      if (!/surface_air|t2m|2m_temp|^t\b/.test(name) || !/[/.]\d+$/.test(name) || damaged++ % 5 !== 3)
        continue;
      writeFileSync(join(copy, "model-b.zarr", name), "damaged");
    }
    const file = join(folder, "damaged.yaml");
    writeFileSync(
      file,
      `name: damaged
cases: ${join(copy, "cases.yaml")}
forecasts: [{ name: b, zarr: "${copy}/model-b.zarr" }]
targets: [{ name: analysis, zarr: "${copy}/era5.zarr" }]
`,
    );
    const options: RunOptions = { out: folder, data: file, maxMissing: 0.5 };
    const wanted = await runOf(options);
    expect(wanted.failures.length).toBeGreaterThan(0);
    for (const limit of limits) {
      const made = poisoned(limit);
      const got = await runOf(options, made.memory);
      expect(got.rows).toEqual(wanted.rows);
      await nothingLeft(made);
    }
  });

  test("that is given up in the middle: nothing is left", async () => {
    for (const rows of [1, 2, 7]) {
      const made = poisoned(3e6);
      await runOf({ cache, out: folder, select: { limit: 60 } }, made.memory, rows);
      await nothingLeft(made);
    }
  });
});
