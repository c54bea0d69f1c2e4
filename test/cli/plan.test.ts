import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/runtime/plan.ts";
import { giveFolder, serve } from "../sources/stores/server.ts";
import { cache, ewb, temporary } from "./ewb.ts";

const pipeline = resolve("pipelines/heatwave.ts");
const planned = async (file: string, ...args: string[]): Promise<Plan> => {
  const { code, out, err } = await ewb(["plan", file, "--json", ...args]);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

/** A pipeline with a filter between `pairs` and `score`. */
const filtered = (condition: string): string => {
  const file = join(temporary(), "filtered.ts");
  writeFileSync(
    file,
    `import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { meanError } from "ewb/metrics";
import { concatMap, filter, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  return cases(run, { eventType: "heat_wave" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            filter(({ initTime, leadHours }) => ${condition}),
            score(run, meanError("surface_air_temperature")),
          ),
        ),
      ),
    ),
    writeParquet(run, "filtered.parquet"),
  );
};
`,
  );
  return file;
};

describe("ewb plan", () => {
  let whole: Plan;
  beforeAll(async () => {
    whole = await planned(filtered("initTime < Infinity"));
  });

  test("counts units, chunks and bytes, by case and in all", () => {
    expect(whole.cases.map(({ case_id, forecast }) => [case_id, forecast])).toEqual([
      [1, "sample-model-a"],
      [1, "sample-model-b"],
      [2, "sample-model-a"],
      [2, "sample-model-b"],
    ]);
    expect(whole.units).toBe(whole.cases.reduce((sum, { units }) => sum + units, 0));
    // A chunk that two cases share is read once.
    expect(whole.chunks).toBeLessThan(whole.cases.reduce((sum, { chunks }) => sum + chunks, 0));
    expect(whole.largest!.bytes).toBeLessThan(whole.peak);
    expect(whole.peak).toBeLessThanOrEqual(whole.budget);
    expect([whole.failures, whole.gaps]).toEqual([[], []]);
  });

  test("says what a filter of the pipeline prunes", async () => {
    const short = await planned(filtered("leadHours <= 24"));
    expect(short.units).toBeGreaterThan(0);
    expect(short.units).toBeLessThan(whole.units / 3);
    expect(short.chunks).toBeLessThan(whole.chunks);
    expect(short.bytes).toBeLessThan(whole.bytes);
    // The table of stations is looked at before the first name.
    expect(await planned(filtered("leadHours < 0"))).toMatchObject({ units: 0, chunks: 1 });
  });

  test("a filter and the option of the same meaning agree", async () => {
    const [byFilter, byOption] = [
      await planned(filtered("leadHours <= 48")),
      await planned(filtered("true"), "--leads", "0..48"),
    ];
    expect(byFilter).toEqual(byOption);
  });

  test("what it says is what is read", async () => {
    const out = temporary();
    const file = filtered("leadHours <= 12");
    const { units } = await planned(file, "--forecast", "sample-model-a", "--cases", "1");
    const { out: text } = await ewb([
      "stream",
      file,
      "--out",
      out,
      "--json",
      "--workers",
      "0",
      "--forecast",
      "sample-model-a",
      "--cases",
      "1",
    ]);
    const ticks = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "tick");
    expect(ticks.at(-1).units).toEqual({ done: units, total: units });
  });

  test("as text", async () => {
    const { code, out } = await ewb(["plan", pipeline, "--memory", "1GB", "--leads", "0..24"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^case +forecast +units +chunks +decoded$/m);
    expect(out).toMatch(/^1 Sample heat wave, west +sample-model-a +\d+ +\d+ +[\d.]+ MB$/m);
    expect(out).toMatch(/^\d+ units, \d+ chunks to read \(each once\), [\d.]+ MB decoded$/m);
    expect(out).toMatch(/^peak: at most .* of 750 MB held at once/m);
    expect(out).toMatch(/^largest unit: .*\(case \d, sample-model-[ab]\)$/m);
  });

  test("a unit above the memory is said before anything is read, exit code 1", async () => {
    const { code, out } = await ewb(["plan", pipeline, "--memory", "100kB"]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /would fail: case 1, sample-model-a: .*one unit .* needs \d+ bytes, the budget is 75000 bytes/,
    );
  });

  test("reads metadata and coordinates, and no chunk of data", async () => {
    const sample = join(cache, readdirSync(cache).find((name) => /^sample-v1-[0-9a-f]+$/.test(name))!);
    await using server = await serve(giveFolder(sample));
    const file = join(temporary(), "web.yaml");
    writeFileSync(
      file,
      `name: web
cases: ${join(sample, "cases.yaml")}
forecasts: [{ name: model, zarr: ${server.url}/model-b.zarr }]
targets: [{ name: analysis, zarr: ${server.url}/era5.zarr }]
`,
    );
    const { units } = await planned(filtered("true"), "--data", file);
    expect(units).toBeGreaterThan(900);
    expect(server.asked.length).toBeGreaterThan(4);
    expect(server.asked.filter((key) => /2m_temperature\/\d/.test(key))).toEqual([]);
    // A store: two probes of its metadata, those of each array that is used, its coordinates. Nothing twice.
    expect(server.asked.length).toBeLessThanOrEqual(2 * 2 + 5 + 4 + 4 + 3);
    expect(new Set(server.asked).size).toBe(server.asked.length);
  });
});
