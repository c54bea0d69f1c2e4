/**
 * Sixty days of a forecast system, played on disk with a virtual clock: late leads, inits out of order, one that never
 * comes, one published again, revised analyses, axes that are longer or shorter than what is there. In the end the table
 * says what one `stream` over the final data says.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom, toArray } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { stream } from "../../../src/runtime/stream.ts";
import { type OpenWatch, openWatch } from "../../../src/runtime/watch/openWatch.ts";
import { runTurn, type TurnResult } from "../../../src/runtime/watch/turn.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import { random } from "../../../src/testing/random.ts";
import { forecastFeed, hour, targetFeed, values } from "./feed.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-watch-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const day = 24 * hour;
const start = Date.UTC(2024, 5, 1);
const days = Number(process.env.WATCH_DAYS ?? 60);
const leads = [0, 12, 24, 36];
const patience = {
  forecast: { deadline: 18 * hour, never: 5 * day },
  target: { deadline: 2 * day, never: 20 * day },
};

const write = (name: string, text: string): string => {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
};

const cases = Array.from({ length: Math.ceil(days / 10) }, (_, i) => {
  const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
  const from = start + i * 10 * day;
  return `  - case_id_number: ${i + 1}
    title: decade ${i + 1}
    event_type: heat_wave
    start_date: ${iso(from)}
    end_date: ${iso(from + 10 * day - 12 * hour)}
    location:
      type: bounded_region
      parameters: { latitude_min: 46, latitude_max: 51, longitude_min: 4, longitude_max: 10 }
`;
});
write("cases.yaml", `cases:\n${cases.join("")}`);
const data = write(
  "data.yaml",
  `name: feed
cases: cases.yaml
forecasts: [{ name: model, zarr: model.zarr, variables: { surface_air_temperature: 2m_temperature } }]
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

/** What arrives when, drawn once: a list of moments and acts. */
const script = () => {
  const next = random(7);
  const model = forecastFeed(join(root, "model.zarr"), leads);
  const analysis = targetFeed(join(root, "analysis.zarr"));
  const acts: { readonly at: number; act(): void }[] = [];
  const add = (at: number, act: () => void) => acts.push({ at, act });
  const never = start + 11.5 * day;
  for (let init = start; init < start + days * day; init += 12 * hour) {
    if (init === never) continue;
    // Most come after six hours, some a day late: out of order.
    const late = next() < 0.1 ? day : 0;
    for (const lead of leads) {
      const slow = next() < 0.08 ? 9 * hour : 0;
      const at = init + 6 * hour + late + slow + lead * 60_000;
      if (lead === 36 && next() < 0.03) continue; // a lead that is never published
      const base = 285 + next() * 15;
      add(at, () => {
        model.put(init, lead, values(base));
        model.show();
      });
    }
    // The axis is written before the chunks now and then, and an init is published again.
    if (next() < 0.2) add(init + 2 * hour, () => model.show([init]));
    if (next() < 0.08) {
      const again = 280 + next() * 20;
      add(init + 2.5 * day, () => model.put(init, 12, values(again)));
    }
  }
  for (let time = start; time < start + days * day; time += 12 * hour) {
    const base = 286 + next() * 14;
    add(time + (next() < 0.1 ? 3 * day : 20 * hour), () => {
      analysis.put(time, values(base));
      analysis.show();
    });
    // Preliminary analyses are replaced by final ones.
    if (next() < 0.15) add(time + 9 * day, () => analysis.put(time, values(base + 0.5)));
  }
  return {
    acts: acts.sort((a, b) => a.at - b.at),
    empty: () => [model, analysis].map((feed) => feed.show()),
  };
};

const options = { data, out: join(root, "out"), cache: join(root, "cache"), workers: 0, memory: "512MB" };

test(`${days} days, turn after turn, and one stream over what is there in the end`, async () => {
  const { acts, empty } = script();
  empty();
  let opened: OpenWatch = await openWatch(pipeline, options.out, (error) => {
    throw error;
  });
  const turn = (now: number): Promise<TurnResult> =>
    runTurn(pipeline, options, { ...opened, patience: { now, ...patience } });
  const provisional = new Set<number>();
  let turns = 0;
  let units = 0;
  let at = 0;
  const next = random(11);
  for (let now = start + day; now < start + (days + 4) * day; now += (6 + 18 * next()) * hour) {
    for (; at < acts.length && acts[at]!.at <= now; at++) acts[at]!.act();
    const result = await turn(now);
    expect(result.failures).toEqual([]);
    turns += 1;
    units = result.units;
    if (result.published.size > 0) {
      const { rows } = await readRows(join(options.out, "rows.parquet"));
      const keys = rows.map(({ case_id, metric, init_time, lead_hours, valid_time }) =>
        [case_id, metric, init_time, lead_hours, valid_time].join(),
      );
      expect(new Set(keys).size).toBe(rows.length);
      for (const { case_id, status } of rows) if (status === "provisional") provisional.add(case_id);
    }
    // Now and then another process goes on.
    if (turns % 25 === 0) {
      await opened.close();
      opened = await openWatch(pipeline, options.out, (error) => {
        throw error;
      });
    }
  }
  for (; at < acts.length; at++) acts[at]!.act();
  const last = await turn(start + (days + 100) * day);
  expect(last.waiting).toEqual({ forecast: 0, target: 0, provisional: 0 });
  const again = await turn(start + (days + 101) * day);
  expect(again.published.size).toBe(0);
  await opened.close();
  expect(units).toBeGreaterThan(5 * days);
  expect(provisional.size).toBeGreaterThan(0);
  const { rows } = await readRows(join(options.out, "rows.parquet"));
  const whole = { ...options, out: join(root, "whole") };
  await lastValueFrom(stream(pipeline, whole).pipe(toArray()));
  const wanted = (await readRows(join(whole.out, "rows.parquet"))).rows;
  expect(rows).toEqual(wanted);
  expect(rows.every(({ status }) => status === "complete")).toBe(true);
}, 240_000);
