/**
 * An evaluation with known scores: reference forecasts made from one month of analyses, eight cases, through the
 * public API with its defaults (bilinear onto the target's grid, weights as the scores say). Every number of
 * `expected.json` that a metric here gives is compared at the file's tolerance; the peer's rows with the metrics
 * of `ewb/compat/ewb11` at 1e-4, since it adds up in float32.
 */
import { existsSync, readFileSync } from "node:fs";
import { cases, eachCase, pairs, type Row, type Run, score } from "ewb";
import { type DataSet, forecast, target } from "ewb/catalog";
import * as peer from "ewb/compat/ewb11";
import {
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  minimumMeanAbsoluteError,
  rootMeanSquaredError,
} from "ewb/metrics";
import { concatMap, from } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeShared, sharedPath } from "../shared.ts";
import { dataSetOf, type Outcome, runProgram, troubles } from "./program.ts";

const folder = "eval-uk-t2m";
const variable = "surface_air_temperature";
const variables = { [variable]: "K" } as const;
/** Formats there are readers for; the stores of others are left out. */
const formats = ["zarr"];

const errors = { me: "mean error", mae: "mean absolute error", rmse: "root mean squared error" };
const ofErrors = (options: object) => [
  meanError<typeof variables>(variable, options),
  meanAbsoluteError<typeof variables>(variable, options),
  rootMeanSquaredError<typeof variables>(variable, options),
];

const ours = (run: Run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      from(run.sources("forecast", variables)).pipe(
        concatMap((one) =>
          pairs(run, event, {
            forecast: one,
            targets: run.sources("target", variables),
            variables: [variable],
          }).pipe(
            score(
              run,
              ...ofErrors({ weights: "none" }),
              ...ofErrors({ weights: "cosine" }),
              ...ofErrors({ weights: "none", keep: ["init_time", "lead_time"] }),
              event.type === "freeze"
                ? minimumMeanAbsoluteError(variable, { within: "24 h", weights: "none" })
                : maximumMeanAbsoluteError(variable, { within: "24 h", weights: "none" }),
            ),
          ),
        ),
      ),
    ),
  );

const compat = (run: Run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      from(run.sources("forecast", variables)).pipe(
        concatMap((one) =>
          peer
            .pairs(run, event, {
              forecast: one,
              targets: run.sources("target", variables),
              variables: [variable],
            })
            .pipe(
              score(
                run,
                peer.meanError(variable),
                peer.meanAbsoluteError(variable),
                peer.rootMeanSquaredError(variable),
                event.type === "freeze"
                  ? peer.minimumMeanAbsoluteError(variable)
                  : peer.maximumMeanAbsoluteError(variable),
              ),
            ),
        ),
      ),
    ),
  );

describeShared("eval-uk-t2m", () => {
  const read = (file: string) => readFileSync(sharedPath("data", folder, file), "utf8");
  const expected = JSON.parse(read("expected.json"));
  const tolerance: number = expected.tolerance.absolute;
  const kinds = Object.entries<any>(expected.forecasts);
  const names = kinds.filter(([, { format }]) => formats.includes(format)).map(([name]) => name);
  const stored = (path: string) => sharedPath("data", folder, path);
  const data = (): DataSet =>
    dataSetOf({
      cases: stored("cases.yaml"),
      forecasts: names.map((name) =>
        forecast({
          name,
          zarr: stored(expected.forecasts[name].path),
          variables,
          mapping: { [variable]: expected.variable },
        }),
      ),
      targets: [
        target({
          name: "era5",
          zarr: stored(expected.target.path),
          variables,
          mapping: { [variable]: expected.target.variable },
        }),
      ],
    });

  /** Numbers of `expected.json` that were compared, by where they stand in it. */
  const compared = new Set<string>();
  const close = (got: number | undefined, wanted: number, what: string) => {
    compared.add(what);
    const near = got !== undefined && Math.abs(got - wanted) <= tolerance;
    expect(near, `${what}: got ${got}, expected ${wanted}`).toBe(true);
  };

  const equal = (got: number | undefined, wanted: number, what: string) => {
    compared.add(what);
    expect(got, what).toBe(wanted);
  };
  /** A table of the file as objects. */
  const named = (table: { columns: string[]; rows: any[][] } | undefined): any[] =>
    (table?.rows ?? []).map((row) => Object.fromEntries(table!.columns.map((key, i) => [key, row[i]])));
  const leftOut = new Set<string>();
  let peerRows = 0;

  describe("ours", () => {
    let outcome: Outcome;
    const rowOf = new Map<string, Row>();
    const keyOf = (
      id: number,
      name: string,
      term: string,
      weights: string,
      init: number | null,
      lead: number,
    ) => [id, name, term, weights, init, lead].join(" ");
    beforeAll(async () => {
      outcome = await runProgram(ours, data());
      for (const row of outcome.rows) {
        const weights = /weights=(\w+)/.exec(row.parameters ?? "")![1]!;
        const { case_id: id, forecast: name, metric, init_time: init, lead_hours: lead } = row;
        rowOf.set(keyOf(id, name, metric, weights, init, lead!), row);
      }
    });

    test("nothing fails", () => expect(troubles(outcome)).toEqual([]));

    for (const one of expected.cases) {
      for (const name of names) {
        const scores = one.forecasts[name];
        if (scores === undefined) continue;
        test(`case ${one.case_id}, ${one.title}: ${name}`, () => {
          const find = (term: string, weights: string, init: number | null, lead: number) =>
            rowOf.get(keyOf(one.case_id, name, term, weights, init, lead));
          const where = `${one.case_id} ${name}`;
          const mine = outcome.rows.filter((row) => row.case_id === one.case_id && row.forecast === name);
          for (const wanted of scores.by_lead) {
            const lead = wanted.lead_hours;
            for (const [error, term] of Object.entries(errors)) {
              for (const key of [error, `${error}_of_mean`, `${error}_coslat`]) {
                if (wanted[key] === undefined) continue;
                const row = find(term, key.endsWith("_coslat") ? "cosine" : "none", null, lead);
                close(row?.value, wanted[key], `${where} by_lead ${lead} ${key}`);
                equal(row?.n, wanted.n, `${where} by_lead ${lead} n`);
              }
            }
            if (wanted.pairs === undefined) continue;
            const units = mine.filter(
              (row) => row.metric === errors.me && row.init_time !== null && row.lead_hours === lead,
            );
            equal(units.length, wanted.pairs, `${where} by_lead ${lead} pairs`);
          }
          for (const at of named(scores.by_init_lead)) {
            const place = `${where} by_init_lead ${at.init_time} ${at.lead_hours}`;
            for (const [key, term] of Object.entries(errors)) {
              const found = find(term, "none", Date.parse(at.init_time), at.lead_hours);
              close(found?.value, at[key], `${place} ${key}`);
              equal(found?.n, at.n, `${place} n`);
            }
          }
          if (scores.peak === undefined) return;
          const { kind, valid_time: time } = scores.peak;
          const peaks = mine.filter(({ metric }) => metric === `${kind} mean absolute error`);
          expect(peaks.length).toBe(scores.peak.rows.length);
          for (const at of named(scores.peak)) {
            const place = `${where} peak ${at.init_time}`;
            const found = peaks.find(({ init_time: init }) => init === Date.parse(at.init_time));
            close(found?.value, at.absolute_error, `${place} absolute_error`);
            equal(found?.lead_hours ?? undefined, at.lead_hours, `${place} lead_hours`);
            expect(found?.valid_time).toBe(Date.parse(time));
          }
        });
      }
    }

    test("every number that a metric here gives was compared", () => {
      let wanted = 0;
      const count = (row: object, keys: readonly string[]) => {
        for (const key of Object.keys(row)) {
          if (keys.includes(key)) wanted += 1;
          else if (!["lead_hours", "init_time"].includes(key)) leftOut.add(key);
        }
      };
      const sums = Object.keys(errors).flatMap((key) => [key, `${key}_of_mean`, `${key}_coslat`]);
      for (const { forecasts } of expected.cases) {
        for (const name of names) {
          for (const row of forecasts[name]?.by_lead ?? []) count(row, [...sums, "n", "pairs"]);
          for (const row of named(forecasts[name]?.by_init_lead)) count(row, [...sums, "n"]);
          for (const row of named(forecasts[name]?.peak)) {
            count({ ...row, lead_hours: 0 }, ["absolute_error"]);
            wanted += 1;
          }
        }
      }
      expect(wanted).toBeGreaterThan(0);
      expect(compared.size).toBe(wanted);
    });
  });

  describe("compat, against the peer's rows", () => {
    const terms: Readonly<Record<string, string>> = {
      MeanError: errors.me,
      MeanAbsoluteError: errors.mae,
      RootMeanSquaredError: errors.rmse,
      MaximumMeanAbsoluteError: "maximum mean absolute error",
      MinimumMeanAbsoluteError: "minimum mean absolute error",
    };
    const lines = existsSync(stored("peer-rows.csv"))
      ? read("peer-rows.csv").trim().split("\n").slice(1)
      : [];
    test("gives them all, and no other number", async () => {
      const outcome = await runProgram(compat, data());
      expect(troubles(outcome)).toEqual([]);
      const key = (...parts: (string | number | null)[]) => parts.map((part) => part ?? "").join(" ");
      const found = new Map(
        outcome.rows
          .filter(({ value }) => !Number.isNaN(value))
          .map((row) => [
            key(row.case_id, row.event_type, row.forecast, row.metric, row.init_time, row.lead_hours),
            row.value,
          ]),
      );
      const wrong: string[] = [];
      for (const line of lines) {
        const [id, type, name, metric, init, lead, value] = line.split(",") as [string, ...string[]];
        if (!names.includes(name!) || value === "") continue;
        const at = key(
          Number(id),
          type!,
          name!,
          terms[metric!]!,
          init ? Date.parse(init) : null,
          Number(lead),
        );
        const got = found.get(at);
        found.delete(at);
        peerRows += 1;
        if (!(got !== undefined && Math.abs(got - Number(value)) <= 1e-4))
          wrong.push(`${at}: ${got}, ${value}`);
      }
      expect(wrong).toEqual([]);
      const others = [...found.keys()].filter((at) =>
        lines.some((line) => line.split(",")[2] === at.split(" ")[2]),
      );
      expect(others).toEqual([]);
    });
  });

  afterAll(() => {
    const others = kinds
      .filter(([name]) => !names.includes(name))
      .map(([name, { format }]) => `${name} (${format})`);
    console.log(
      `eval-uk-t2m: ${compared.size} numbers of expected.json and ${peerRows} rows of the peer compared; ` +
        `left out: ${[...leftOut, ...others].join(", ") || "nothing"}`,
    );
  });
});
