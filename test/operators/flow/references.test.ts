/** Metrics against other forecasts through the whole program: another source, persistence, and one-sided variables. */
import { cases, eachCase, type Metric, pairs, score } from "ewb";
import { inMemory, type Role } from "ewb/catalog";
import {
  difference,
  intervalScore,
  meanSquaredError,
  otherForecast,
  persistence,
  skillScore,
} from "ewb/metrics";
import { describe, expect, test } from "vitest";
import { dataSetOf, runProgram } from "../../golden/program.ts";

const air = "surface_air_temperature";
const variables = { [air]: "K" } as const;
const places = { latitude: [50, 49, 48], longitude: [0, 1, 2] };
const inits = ["2021-06-20T00:00:00", "2021-06-20T12:00:00", "2021-06-21T00:00:00"];
const leads = [0, 12, 24];
const times = ["2021-06-20T00", "2021-06-20T12", "2021-06-21T00", "2021-06-21T12", "2021-06-22T00"];

/** Fields of one number each: the target's value of a time is its position. */
const cells = (numbers: readonly number[]) => numbers.flatMap((value) => new Array<number>(9).fill(value));
const truth = (init: number, lead: number) => 280 + (init + lead) ** 2;

const source = <V extends Record<string, "K">>(
  role: Role,
  name: string,
  given: V,
  value: (name: string, init: number, lead: number) => number,
) =>
  inMemory({
    role,
    name,
    variables: given,
    arrays: Object.fromEntries(
      Object.keys(given).map((variable) => [
        variable,
        role === "forecast"
          ? {
              dims: ["init_time", "lead_time", "latitude", "longitude"],
              coords: { init_time: inits, lead_time: leads, ...places },
              data: cells(inits.flatMap((_, i) => leads.map((_, l) => value(variable, i, l)))),
            }
          : {
              dims: ["valid_time", "latitude", "longitude"],
              coords: { valid_time: times.map((time) => `${time}:00`), ...places },
              data: cells(times.map((_, i) => value(variable, i, 0))),
            },
      ]),
    ),
  });

const target = source("target", "o", variables, (_, i) => truth(i, 0));
const forecast = source("forecast", "f", variables, (_, i, l) => truth(i, l) + 1);
const other = source("forecast", "g", variables, (_, i, l) => truth(i, l) - 2);

const event = {
  id: 1,
  title: "a case",
  type: "heat_wave",
  start: Date.UTC(2021, 5, 20),
  end: Date.UTC(2021, 5, 22),
  region: { south: 40, north: 60, west: -10, east: 10 },
};

const rowsOf = async (...metrics: readonly Metric<typeof variables>[]) => {
  const outcome = await runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (one) =>
          pairs(run, one, { forecast, targets: [target], variables: [air] }).pipe(score(run, ...metrics)),
        ),
      ),
    dataSetOf({ cases: [event] }),
  );
  expect(outcome.failures).toEqual([]);
  return outcome.rows;
};

describe("a forecast against another", () => {
  test("of another source, of the same init and lead", async () => {
    const rows = await rowsOf(skillScore(meanSquaredError(air), otherForecast(other)));
    expect(rows.map(({ lead_hours, value, reference }) => [lead_hours, value, reference])).toEqual(
      leads.map((lead) => [lead, 1 - 1 / 4, "g"]),
    );
  });

  test("against what the target was at the init time", async () => {
    const rows = await rowsOf(skillScore(meanSquaredError(air), persistence()));
    const mse = (lead: number) =>
      [0, 1, 2].reduce((sum, init) => sum + (truth(init, lead) - truth(init, 0)) ** 2, 0) / 3;
    expect(rows.map(({ value }) => value)).toEqual([
      Number.NEGATIVE_INFINITY,
      1 - 1 / mse(1),
      1 - 1 / mse(2),
    ]);
  });

  test("as a paired difference with an interval", async () => {
    const [row] = await rowsOf(
      difference(meanSquaredError(air, { keep: [] }), otherForecast(other), { over: "init_time", seed: 1 }),
    );
    expect(row).toMatchObject({ value: -3, lower: -3, upper: -3, reference: "g" });
  });
});

test("variables that only the forecast has are missing on the other side", async () => {
  const given = { [air]: "K", low: "K", high: "K" } as const;
  const quantiles = source(
    "forecast",
    "q",
    given,
    (name, i, l) => truth(i, l) + (name === "low" ? -2 : name === "high" ? 2 : 0),
  );
  const outcome = await runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (one) =>
          pairs(run, one, {
            forecast: quantiles,
            targets: [target],
            variables: [air],
            forecastOnly: ["low", "high"],
          }).pipe(score(run, intervalScore(air, { lower: "low", upper: "high", coverage: 0.9 }))),
        ),
      ),
    dataSetOf({ cases: [event] }),
  );
  expect(outcome.failures).toEqual([]);
  expect(outcome.rows.map(({ value, n }) => [value, n])).toEqual(leads.map(() => [4, 27]));
});
