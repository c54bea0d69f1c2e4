/**
 * Sixty days of forecast systems, played on disk with a virtual clock: late leads, inits out of order, one that never
 * comes, one published again; an ensemble over HTTP whose members come in any order, behind a host that asks for less
 * for days; chunks half written, or there before anything is in them; axes longer or shorter than what is there,
 * consolidated metadata that lag behind; revised analyses; cases that are added as they begin. In the end the table says
 * what one `stream` over the final data says.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom, toArray } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { stream } from "../../../src/runtime/stream.ts";
import { type OpenWatch, openWatch } from "../../../src/runtime/watch/openWatch.ts";
import { runTurn, type TurnResult } from "../../../src/runtime/watch/turn.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import { type Clock, steadyClock } from "../../../src/sources/stores/clock.ts";
import { Remembered } from "../../../src/sources/watch/seenStores.ts";
import { random } from "../../../src/testing/random.ts";
import { serveBucket } from "../../sources/stores/bucket.ts";
import { blank, forecastFeed, hour, targetFeed, values } from "./feed.ts";

/** In memory where there is such a folder: it is not the disk that is tested. */
const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ewb-watch-"));
const bucket = await serveBucket(join(root, "web"));
bucket.ways.listing = "bucket";
const endpoint = process.env.AWS_ENDPOINT_URL_S3;
process.env.AWS_ENDPOINT_URL_S3 = bucket.url;
afterAll(async () => {
  if (endpoint === undefined) delete process.env.AWS_ENDPOINT_URL_S3;
  else process.env.AWS_ENDPOINT_URL_S3 = endpoint;
  await bucket[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const day = 24 * hour;
const start = Date.UTC(2024, 5, 1);
const days = Number(process.env.WATCH_DAYS ?? 60);
const end = start + days * day;
const leads = [0, 12, 24, 36];
const [ofEnsemble, members] = [[12, 36], 3];
const patience = {
  forecast: { deadline: 30 * hour, never: 5 * day },
  target: { deadline: 2 * day, never: 20 * day },
};
/** The host of the ensemble asks all for less. */
const storms = [
  [20.2, 21.6],
  [40.5, 41.9],
].map((both) => both.map((at) => start + at * day) as [number, number]);

const write = (name: string, text: string): string => {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
};

/** The cases of which one knows at a time; what has begun lately is not over yet, for all one knows. */
const writeCases = (now: number): void => {
  const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
  const texts = Array.from({ length: Math.ceil(days / 10) }, (_, i) => {
    const from = start + i * 10 * day;
    const until = now < from + 3 * day ? "open" : iso(from + 10 * day - 12 * hour);
    if (i > 0 && now < from) return "";
    return `  - case_id_number: ${i + 1}
    title: decade ${i + 1}
    event_type: heat_wave
    start_date: ${iso(from)}
    end_date: ${until}
    location:
      type: bounded_region
      parameters: { latitude_min: 46, latitude_max: 51, longitude_min: 4, longitude_max: 10 }
`;
  });
  write("cases.yaml", `cases:\n${texts.join("")}`);
};
const data = write(
  "data.yaml",
  `name: feed
cases: cases.yaml
forecasts:
  - { name: model, zarr: model.zarr, variables: { surface_air_temperature: 2m_temperature } }
  - { name: ensemble, zarr: "s3://bucket/ensemble.zarr", variables: { surface_air_temperature: 2m_temperature }, wait: 48h }
targets: [{ name: analysis, zarr: analysis.zarr, variables: { surface_air_temperature: 2m_temperature } }]
`,
);
const pipeline = write(
  "pipeline.ts",
  `import { cases, eachCase, pairs, score, writeParquet } from "ewb";
import { maximumMeanAbsoluteError, meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";
const names = ["surface_air_temperature"];
export default (run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      from(run.sources("forecast", { surface_air_temperature: "K" })).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets: run.sources("target", { surface_air_temperature: "K" }), variables: names }).pipe(
            score(
              run,
              rootMeanSquaredError("surface_air_temperature"),
              meanError("surface_air_temperature", { keep: ["init_time", "lead_time"] }),
              maximumMeanAbsoluteError("surface_air_temperature"),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
`,
);

const next = random(7);
const often = (share: number): boolean => next() < share;
const model = forecastFeed(join(root, "model.zarr"), leads, { alone: true });
const ensemble = forecastFeed(join(root, "web", "ensemble.zarr"), ofEnsemble, { alone: true, members });
const analysis = targetFeed(join(root, "analysis.zarr"), { alone: true });
/** Inits on the axis of the model before anything of them is there. */
const ahead = new Set<number>();

/** What arrives when, drawn once: a list of moments and acts. */
const script = () => {
  const acts: { readonly at: number; act(): void }[] = [];
  const add = (at: number, act: () => void) => acts.push({ at, act });
  const never = start + 11.5 * day;
  for (let init = start; init < end; init += 12 * hour) {
    if (init === never) continue;
    // Most come after six hours, some a day late: out of order.
    const late = often(0.1) ? day : 0;
    for (const lead of leads) {
      const at = init + 6 * hour + late + (often(0.08) ? 9 * hour : 0) + lead * 60_000;
      if (lead === 36 && often(0.03)) continue; // a lead that is never published
      const whole = values(285 + next() * 15);
      add(at, () => model.put(init, lead, whole));
      // While it may still be awaited: half of it first, or a chunk with nothing in it.
      if (late === 0 && often(0.15)) add(at - 4 * hour, () => model.put(init, lead, whole, { part: 0.4 }));
      else if (often(0.1)) add(at - 5 * hour, () => model.put(init, lead, blank));
    }
    // The axis is written before the chunks now and then, and an init is published again.
    if (often(0.2)) add(init + 2 * hour, () => ahead.add(init));
    if (often(0.08)) {
      const again = values(280 + next() * 20);
      add(init + 2.5 * day, () => model.put(init, 12, again));
    }
  }
  for (let init = start; init < end; init += 36 * hour) {
    for (const lead of ofEnsemble) {
      for (let member = 0; member < members; member++) {
        const one = values(284 + next() * 16);
        if (often(0.02)) continue; // a member that is never published
        add(init + (5 + 30 * next()) * hour, () => ensemble.put(init, lead, one, { member }));
      }
    }
  }
  for (let time = start; time < end; time += 12 * hour) {
    const base = 286 + next() * 14;
    add(time + (often(0.1) ? 3 * day : 3 * hour), () => analysis.put(time, values(base)));
    // Preliminary analyses are replaced by final ones.
    if (often(0.15)) add(time + 9 * day, () => analysis.put(time, values(base + 0.5)));
  }
  return acts.sort((a, b) => a.at - b.at);
};
/** Metadata come last; consolidated ones are of another day, half of the time. */
const show = (stale: boolean) => {
  model.show([...ahead], stale);
  ensemble.show([], stale);
  analysis.show();
};

/** Requests wait a thousand times faster than the world. */
const clock: Clock = {
  now: () => 1000 * performance.now(),
  wait: (milliseconds, signal) => steadyClock.wait(milliseconds / 1000, signal),
  every: (milliseconds, work) => steadyClock.every(milliseconds / 1000, work),
};
const options = { data, out: join(root, "out"), cache: join(root, "cache"), workers: 0, memory: "512MB" };
const table = join(options.out, "rows.parquet");

test(`${days} days, turn after turn, and one stream over what is there in the end`, async () => {
  const acts = script();
  writeCases(start);
  show(false);
  const reopen = () =>
    openWatch(pipeline, options.out, (error) => {
      throw error;
    });
  let opened: OpenWatch = await reopen();
  const remembered = new Remembered();
  const turn = (now: number): Promise<TurnResult> =>
    runTurn(pipeline, options, { ...opened, patience: { now, ...patience }, remembered, clock });
  const draws = random(11);
  const provisional = new Set<number>();
  const awaited = { forecast: 0, target: 0, provisional: 0 };
  let [turns, units, at, stormy, ofEnsembleBefore] = [0, 0, 0, 0, 0];
  for (let now = start + day; now < end + 4 * day; now += (12 + 32 * draws()) * hour) {
    for (; at < acts.length && acts[at]!.at <= now; at++) acts[at]!.act();
    writeCases(now);
    show(draws() < 0.5);
    const isStormy = storms.some(([from, to]) => from <= now && now <= to);
    // Between storms it asks for less now and then, and answers in the end.
    let refusals = isStormy ? Number.POSITIVE_INFINITY : draws() < 0.1 ? 3 : 0;
    const asks = refusals > 0;
    bucket.ways.retryAfter = "30";
    bucket.ways.refuse = () => (refusals-- > 0 ? 429 : undefined);
    const result = await turn(now);
    expect(result.slowed).toEqual(asks ? { times: expect.any(Number), wait: 30_000 } : { times: 0, wait: 0 });
    if (isStormy) {
      stormy += 1;
      for (const { forecast, message } of result.failures)
        expect([forecast, message]).toEqual(["ensemble", expect.stringContaining("429")]);
    } else expect(result.failures).toEqual([]);
    turns += 1;
    units = Math.max(units, result.units);
    for (const cause of ["forecast", "target", "provisional"] as const)
      awaited[cause] += result.waiting[cause];
    if (result.published.size > 0 && (isStormy || turns % 4 === 0)) {
      const { rows } = await readRows(table);
      const keys = rows.map(({ case_id, forecast, metric, init_time, lead_hours, valid_time }) =>
        [case_id, forecast, metric, init_time, lead_hours, valid_time].join(),
      );
      expect(new Set(keys).size).toBe(rows.length);
      for (const { case_id, status } of rows) if (status === "provisional") provisional.add(case_id);
      // What cannot be asked for keeps its rows.
      const there = rows.filter(({ forecast }) => forecast === "ensemble").length;
      if (isStormy) expect(there).toBeGreaterThanOrEqual(ofEnsembleBefore);
      ofEnsembleBefore = there;
    }
    // Now and then another process goes on.
    if (turns % 15 === 0) {
      await opened.close();
      opened = await reopen();
    }
  }
  for (; at < acts.length; at++) acts[at]!.act();
  writeCases(end + 100 * day);
  show(false);
  delete bucket.ways.refuse;
  const last = await turn(end + 100 * day);
  expect(last.waiting).toEqual({ forecast: 0, target: 0, provisional: 0 });
  const again = await turn(end + 101 * day);
  expect(again.published.size).toBe(0);
  await opened.close();
  expect(units).toBeGreaterThan(5 * days);
  const seen = { stormy, ...awaited };
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  expect(provisional.size).toBeGreaterThan(0);
  const { rows } = await readRows(table);
  const whole = { ...options, out: join(root, "whole") };
  await lastValueFrom(stream(pipeline, whole).pipe(toArray()));
  const wanted = (await readRows(join(whole.out, "rows.parquet"))).rows;
  expect(rows).toEqual(wanted);
  expect(new Set(rows.map(({ forecast }) => forecast))).toEqual(new Set(["model", "ensemble"]));
  expect(rows.every(({ status }) => status === "complete")).toBe(true);
}, 240_000);
