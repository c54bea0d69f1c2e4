import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, temporary } from "./ewb.ts";

const pipeline = resolve("pipelines/heatwave.ts");

/** Lines of `--json`, each an event. */
const eventsOf = (text: string): { event: string; state?: string }[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a plan writes nothing, least of all over a result", async () => {
  const cwd = temporary();
  writeFileSync(join(cwd, "heatwave.parquet"), "the result of last night");
  expect((await ewb(["plan", pipeline, "--limit", "1"], { cwd })).code).toBe(0);
  expect(readdirSync(cwd)).toEqual(["heatwave.parquet"]);
  expect(readFileSync(join(cwd, "heatwave.parquet"), "utf8")).toBe("the result of last night");
});

test("a folder that cannot be made is said before anything is read", async () => {
  const out = temporary();
  writeFileSync(join(out, "file"), "");
  const {
    code,
    out: text,
    err,
  } = await ewb(["stream", pipeline, "--json", "--out", join(out, "file", "results")]);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^ewb: could not write .*heatwave\.parquet: a part of the path is a file: choose another folder/m,
  );
  const events = eventsOf(text);
  expect(events.at(-1)).toMatchObject({ event: "end", state: "failed" });
  expect(events.map(({ event }) => event)).not.toContain("case");
});

test("Ctrl-C twice stops a run that waits for a store that never answers", async () => {
  const server = createServer(() => {}).listen(0);
  const folder = temporary();
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(folder, "cases.yaml"),
    `- case_id_number: 1
  title: waits
  start_date: 2022-07-01 00:00:00
  end_date: 2022-07-03 00:00:00
  location: {type: bounded_region, parameters: {latitude_min: 45, latitude_max: 50, longitude_min: 0, longitude_max: 5}}
  event_type: heat_wave
`,
  );
  writeFileSync(
    join(folder, "web.yaml"),
    `name: web
cases: cases.yaml
forecasts: [{ name: model, zarr: "http://127.0.0.1:${port}/model.zarr" }]
targets: [{ name: analysis, zarr: "http://127.0.0.1:${port}/era5.zarr" }]
`,
  );
  const began = performance.now();
  const args = [
    "stream",
    pipeline,
    "--data",
    join(folder, "web.yaml"),
    "--workers",
    "0",
    "--json",
    "--out",
    folder,
  ];
  const { code, out, err } = await ewb(args, {
    with: (child) => {
      child.stdout!.on("data", (part) => {
        if (String(part).includes('"state":"running"')) child.kill("SIGINT");
      });
      child.stderr!.on("data", (part) => {
        if (String(part).includes("Ctrl-C again")) child.kill("SIGINT");
      });
    },
  });
  server.closeAllConnections();
  server.close();
  expect(code, err).toBe(130);
  expect(performance.now() - began).toBeLessThan(8000);
  expect(eventsOf(out).at(-1)).toMatchObject({ event: "end", state: "stopped" });
});

test("times of options are UTC wherever the machine is", async () => {
  const plans = ["UTC", "America/New_York"].map(async (TZ) =>
    ewb(["plan", pipeline, "--json", "--inits", "2024-7-10..2024-07-12 12:00"], { env: { TZ } }),
  );
  const [here, there] = await Promise.all(plans);
  // What the program holds before it works is measured, and never the same.
  const [a, b] = [here!, there!].map(({ out }) => {
    const { machine: _, budget: __, ...rest } = JSON.parse(out);
    return rest;
  });
  expect(b).toEqual(a);
  expect(a.units).toBeGreaterThan(0);
});

test.each(["commonjs", "module"])("a pipeline in a package of type %s loads", async (type) => {
  const folder = temporary();
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "mine", version: "1.0.0", type }));
  writeFileSync(join(folder, "lib", "names.ts"), 'export const name = "surface_air_temperature" as const;\n');
  const text = readFileSync(pipeline, "utf8")
    .replace('variables: ["surface_air_temperature"]', "variables: [name]")
    .replace("import {", 'import { name } from "./lib/names.ts";\nimport {');
  writeFileSync(join(folder, "mine.ts"), text);
  const { code, err } = await ewb(["stream", "mine.ts", "--limit", "1", "--metric", "rmse"], { cwd: folder });
  expect(code, err).toBe(0);
  expect(readdirSync(folder)).toContain("heatwave.parquet");
});

test("a worker that dies while it gives its rows leaves none of them; other cases are whole", async () => {
  const folder = temporary();
  writeFileSync(
    join(folder, "dies.ts"),
    `import { cases, eachCase, writeParquet } from "ewb";
import { range, concat, timer, map, mergeMap, EMPTY } from "rxjs";
const base = { case_title: "c", event_type: "e", forecast: "f", target: "t", metric: "m", variable: "v", unit: "K",
  level: null, by: null, parameters: null, init_time: null, valid_time: null, value: 1, lower: null, upper: null,
  confidence: null, share_better: null, reference: null, n: 1, status: "complete", metric_id: "m",
  forecast_version: "", target_version: "", ewb_version: "" };
export default (run: any) => cases(run).pipe(
  eachCase(run, ({ id }: any) => concat(
    range(0, 700).pipe(map((lead_hours) => ({ ...base, case_id: id, lead_hours }))),
    timer(200).pipe(mergeMap(() => (id === 2 ? process.exit(3) : EMPTY))),
  ) as any),
  writeParquet(run, "dies.parquet"),
);
`,
  );
  const { code, err } = await ewb(["stream", "dies.ts", "--workers", "1"], { cwd: folder });
  expect(code).toBe(1);
  expect(err).toMatch(
    /failed: case 2: the worker at case 2 died 3 times; the last time: it ended with code 3/,
  );
  const { rows } = await readRows(join(folder, "dies.parquet"));
  const count = (id: number) => rows.filter(({ case_id }) => case_id === id).length;
  expect([1, 2, 3].map(count)).toEqual([700, 0, 700]);
});

test("little memory is not cut into pieces too small for a unit: fewer workers start, and that is said", async () => {
  const out = temporary();
  const args = [
    "stream",
    pipeline,
    "--out",
    out,
    "--memory",
    "1MB",
    "--workers",
    "4",
    "--metric",
    "rmse",
    "--json",
  ];
  const { code, out: text, err } = await ewb(args);
  expect(code, err).toBe(0);
  const events = eventsOf(text);
  const notes = events
    .filter(({ event }) => event === "note")
    .map((event) => (event as { message?: string }).message);
  expect(notes).toContainEqual(expect.stringMatching(/^no worker is started: /));
  expect(events.find(({ event }) => event === "hello")).toMatchObject({ workers: 0 });
});
