import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/runtime/plan.ts";
import { writeZarr } from "../../src/sinks/zarr/writeZarr.ts";
import { wholeArray, type ZarrArray } from "../../src/sinks/zarr/zarrArray.ts";
import { asZlib } from "../memory/asZlib.ts";
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
    // The program is measured anew each time, and what is left with it.
    const { machine: _, budget: __, ...read } = byFilter;
    expect(byOption).toMatchObject(read);
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
    expect(ticks.at(-1).units).toMatchObject({ done: units, total: units, failed: 0 });
  });

  test("as text: what is read, and where each number comes from", async () => {
    const { code, out } = await ewb([
      ...["plan", pipeline, "--memory", "1GB", "--workers", "2", "--leads", "0..24", "--cases", "1"],
      ...["--forecast", "sample-model-a"],
    ]);
    expect(code).toBe(0);
    const MB = "\\d+ MB";
    for (const line of [
      " +case +forecast +units +chunks +decoded",
      " +1 Sample heat wave, west +sample-model-a +74 +\\d+ +[\\d.]+ MB",
      " +units +74 +none is cut",
      " +limit +1.0 GB +--memory",
      " +allowed +[\\d.]+ [MGT]B +\\S.*",
      ` +program +${MB} +before its first unit, measured now`,
      ` +workers +${MB} +2 x ${MB} at their start`,
      ` +budget +${MB} +for units, 93 % of the 1.0 GB less the above`,
      " +largest unit +\\d+ kB +of case 1, sample-model-a",
      ` +peak +${MB} +predicted of the program, its workers and the units`,
      " +allowed +\\d+ +\\S.*",
      " +workers +2 +threads \\(--workers\\)",
    ])
      expect(out).toMatch(new RegExp(`^${line}$`, "m"));
    expect(out.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  test("its numbers add up, whatever the kind of the workers", async () => {
    const [threads, processes] = [
      await planned(filtered("leadHours < 0"), "--memory", "1GB", "--workers", "2"),
      await planned(
        filtered("leadHours < 0"),
        "--memory",
        "1GB",
        "--workers",
        "2",
        "--workers-as",
        "process",
      ),
    ];
    for (const { machine, budget } of [threads, processes]) {
      expect(machine).toMatchObject({ limit: 1e9, kept: 1e9, text: "--memory", workers: 2, wanted: 2 });
      expect(machine.baseline).toBe(machine.program + 2 * machine.worker);
      expect(budget).toBe(Math.floor(0.93 * 1e9 - machine.baseline));
      expect(machine.memory.limit).toBe(machine.memory.all[0]!.amount);
      expect(machine.cores.limit).toBe(machine.cores.all[0]!.amount);
    }
    expect(processes.machine.worker).toBeGreaterThan(2 * threads.machine.worker);
  });

  test("where memory is short fewer workers start, or none, and it is said", async () => {
    const args = ["plan", filtered("leadHours < 0"), "--workers", "8", "--memory"];
    const { out: some } = await ewb([...args, "256MB"]);
    expect(some).toMatch(
      /^ +workers +[1-4] +(?:a thread|threads); 8 wanted, but one more, of \d+ MB, would leave/m,
    );
    const { out: none } = await ewb([...args, "1MB"]);
    expect(none).toMatch(/^ +limit +1\.0 MB +--memory$/m);
    expect(none).toMatch(/^ +kept +\d+ MB +the limit of the run: with less the program could not work$/m);
    expect(none).toMatch(/^ +workers +0 +all in one thread; 8 wanted, but/m);
  });

  /** 400 MB a chunk: metadata alone, for a plan reads no more. */
  const giant = async (): Promise<string> => {
    const folder = temporary();
    const hours = Float64Array.from({ length: 8 }, (_, i) => 6 * i);
    const axis = (name: string, values: Float64Array, units: string) =>
      wholeArray({
        name,
        dims: [name],
        shape: [values.length],
        dtype: "float64",
        values,
        attributes: { units },
      });
    const grid = [
      axis(
        "latitude",
        Float64Array.from({ length: 100 }, (_, i) => 40 + i / 10),
        "degrees_north",
      ),
      axis(
        "longitude",
        Float64Array.from({ length: 100 }, (_, i) => i / 10),
        "degrees_east",
      ),
    ];
    const temperature = (dims: readonly string[], shape: readonly number[]): ZarrArray => ({
      name: "2m_temperature",
      dims: [...dims, "latitude", "longitude"],
      shape: [...shape, 100, 100],
      chunks: [...shape.map((size, i) => (i === 0 ? 10_000 : size)), 100, 100],
      dtype: "float32",
      attributes: { units: "K" },
      fill: null,
      chunk: () => undefined,
    });
    const since = "hours since 2024-07-08";
    await writeZarr(join(folder, "target.zarr"), {
      arrays: [axis("time", hours, since), ...grid, temperature(["time"], [8])],
    });
    const lead = axis("lead_time", Float64Array.of(0, 6), "hours");
    await writeZarr(join(folder, "forecast.zarr"), {
      arrays: [axis("time", hours, since), lead, ...grid, temperature(["time", "lead_time"], [8, 2])],
    });
    // Of what is not compressed, or by blosc, a part could be read.
    asZlib(join(folder, "forecast.zarr"), "2m_temperature");
    writeFileSync(
      join(folder, "cases.yaml"),
      `- case_id_number: 7
  title: Giant
  start_date: 2024-07-08
  end_date: 2024-07-09
  location: { type: bounded_region, parameters: { latitude_min: 42, latitude_max: 45, longitude_min: 2, longitude_max: 5 } }
  event_type: heat_wave
`,
    );
    const file = join(folder, "giant.yaml");
    writeFileSync(
      file,
      `name: giant
cases: cases.yaml
forecasts: [{ name: model, zarr: forecast.zarr }]
targets: [{ name: analysis, zarr: target.zarr }]
`,
    );
    return file;
  };

  test("what cannot be cut to fit is refused by name before anything is read, exit code 1", async () => {
    const args = ["plan", filtered("true"), "--data", await giant()];
    const { code, out } = await ewb([...args, "--memory", "512MB"]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /would fail: case 7, model, analysis: the smallest part of a unit needs [\d.]+ MB, one unit may hold [\d.]+ MB/,
    );
    expect(out).toMatch(/2m_temperature\), has the shape 10000 x 2 x 100 x 100/);
    expect(out).toMatch(/Give at least [\d.]+ MB more/);
    expect((await ewb([...args, "--memory", "8GB"])).code).toBe(0);
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
