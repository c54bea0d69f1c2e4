import { cases, eachCase, type Metric, pairs, type Row, score } from "ewb";
import { inMemory } from "ewb/catalog";
import { climatologyQuantile, durationMeanError } from "ewb/metrics";
import { describe, expect, test } from "vitest";
import { dataSetOf, runProgram } from "../../golden/program.ts";

const air = "surface_air_temperature";
const dew = "surface_dew_point_temperature";
const variables = { [air]: "K", [dew]: "K" } as const;

const constant = (times: Record<string, readonly (number | string)[]>, value: number) => ({
  dims: Object.keys(times),
  coords: times as Record<string, readonly string[]>,
  data: new Float64Array(Object.values(times).reduce((size, labels) => size * labels.length, 1)).fill(value),
});

const source = <R extends "forecast" | "target" | "climatology">(
  role: R,
  times: Record<string, readonly (number | string)[]>,
  values: { readonly [air]: number; readonly [dew]: number },
) =>
  inMemory({
    role,
    name: role,
    variables,
    arrays: { [air]: constant(times, values[air]), [dew]: constant(times, values[dew]) },
  });

const forecast = source(
  "forecast",
  { init_time: ["2021-06-20T00:00:00"], lead_time: [0, 6, 12] },
  { [air]: 310, [dew]: 290 },
);
const target = source(
  "target",
  { valid_time: ["2021-06-20T00:00:00", "2021-06-20T06:00:00", "2021-06-20T12:00:00"] },
  { [air]: 280, [dew]: 270 },
);
const normals = (values: { readonly [air]: number; readonly [dew]: number }) =>
  source("climatology", { dayofyear: [171] }, values);

const scored = (...metrics: readonly Metric<typeof variables>[]) =>
  runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (event) =>
          pairs(run, event, { forecast, targets: [target], variables: [air, dew] }).pipe(
            score(run, ...metrics),
          ),
        ),
      ),
    dataSetOf({
      cases: [
        {
          id: 1,
          title: "a case",
          type: "heat_wave",
          start: Date.UTC(2021, 5, 20),
          end: Date.UTC(2021, 5, 21),
          region: { south: -90, north: 90, west: -180, east: 180 },
        },
      ],
    }),
  );

const said = (rows: readonly Row[]) =>
  rows.map(({ variable, value, parameters }) => [variable, value, parameters?.split(";")[0]]);

describe("several climatologies in one score", () => {
  const usual = normals({ [air]: 300, [dew]: 280 });
  const ofAir = climatologyQuantile(usual, undefined, air);
  const ofDew = climatologyQuantile(usual, undefined, dew);

  test("two variables of one climatology are two thresholds", async () => {
    const { rows, failures } = await scored(
      durationMeanError<typeof variables>(air, { above: ofAir }),
      durationMeanError<typeof variables>(dew, { above: ofDew }),
    );
    expect(failures).toEqual([]);
    expect(said(rows)).toEqual([
      [air, 12, "threshold=climatology"],
      [dew, 12, "threshold=climatology"],
    ]);
  });

  test("the threshold of another variable is told apart in `parameters`", async () => {
    const { rows } = await scored(
      durationMeanError<typeof variables>(dew, { above: ofDew }),
      durationMeanError<typeof variables>(dew, { above: ofAir }),
    );
    expect(said(rows)).toEqual([
      [dew, 12, "threshold=climatology"],
      [dew, 0, `threshold=climatology of ${air}`],
    ]);
    expect(new Set(rows.map(({ metric_id }) => metric_id)).size).toBe(2);
  });

  test("the same climatology named twice is one", async () => {
    const { rows, failures } = await scored(
      durationMeanError<typeof variables>(air, { above: ofAir }),
      durationMeanError<typeof variables>(air, {
        above: climatologyQuantile(usual, undefined, air),
        space: "each",
      }),
    );
    expect(failures).toEqual([]);
    expect(rows.map(({ value }) => value)).toEqual([12, 12]);
  });

  test("two climatologies of one name are refused", async () => {
    const other = climatologyQuantile(normals({ [air]: 320, [dew]: 280 }), undefined, air);
    const { rows, failures } = await scored(
      durationMeanError<typeof variables>(air, { above: ofAir }),
      durationMeanError<typeof variables>(air, { above: other, strictly: true }),
    );
    expect(rows).toEqual([]);
    expect(failures).toMatchObject([{ tag: "Options", message: expect.stringContaining("another name") }]);
  });
});
