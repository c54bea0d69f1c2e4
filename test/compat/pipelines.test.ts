/** The pipelines of ExtremeWeatherBench's default sets on golden cases that have these sets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row, Source } from "ewb";
import { inMemory } from "ewb/catalog";
import { type Pipeline, stream } from "ewb/run";
import { lastValueFrom, toArray } from "rxjs";
import { expect, test } from "vitest";
import atmosphericRiver from "../../pipelines/compat/atmosphericRiver.ts";
import freeze from "../../pipelines/compat/freeze.ts";
import heatwave from "../../pipelines/compat/heatwave.ts";
import severeConvection from "../../pipelines/compat/severeConvection.ts";
import { type EndToEndCase, endToEndCases } from "../golden/endToEndCase.ts";
import { eventOf, scoredOf, sourcesOf, toleranceOf } from "../golden/endToEndProgram.ts";
import { dataSetOf } from "../golden/program.ts";
import { tableDifferences } from "../golden/tableRows.ts";
import { peerMetrics } from "../golden/unitCompat.ts";
import { describeShared } from "../shared.ts";

/** The same threshold on every day everywhere, in place of the number a case has. */
const everyDay = (threshold: number) =>
  inMemory({
    role: "climatology",
    name: "normals",
    variables: { surface_air_temperature: "K" },
    arrays: {
      surface_air_temperature: {
        dims: ["quantile", "dayofyear", "latitude", "longitude"],
        coords: {
          quantile: [0.15, 0.85],
          dayofyear: Array.from({ length: 366 }, (_, i) => i + 1),
          latitude: [-90, 90],
          longitude: [0, 359.99],
        },
        data: [0.15, 0.85].map(() =>
          Array.from({ length: 366 }, () => [-90, 90].map(() => [threshold, threshold])),
        ),
      },
    },
  });

/** Stores of made-up masks and probabilities say any unit. */
const inUnit = <S extends Source>(source: S, unit: string): S => {
  const [name] = Object.keys(source.variables) as [string];
  const stored = source.mapping?.[name];
  return unit === "K"
    ? source
    : {
        ...source,
        variables: { [name]: unit },
        mapping: { [name]: { ...(typeof stored === "object" ? stored : {}), unit } },
      };
};

const rowsOf = async (one: EndToEndCase, pipeline: Pipeline, unit: string): Promise<readonly Row[]> => {
  const sources = one.objects.flatMap((object) =>
    scoredOf(object).map((scored) => sourcesOf(one.folder, object, scored)),
  );
  const thresholds = one.objects
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ parameters }) => parameters.threshold_criteria ?? []);
  const data = dataSetOf({
    cases: one.cases.map(eventOf),
    forecasts: [inUnit(sources[0]!.forecast, unit)],
    targets: sources.map(({ target }) => inUnit(target, unit)),
    climatologies: thresholds.length === 0 ? [] : [everyDay(thresholds[0])],
  });
  const out = mkdtempSync(join(tmpdir(), "ewb-compat-"));
  try {
    return await lastValueFrom(stream(pipeline, { data, memory: "256MB", out }).pipe(toArray()));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

describeShared("pipelines/compat", () => {
  const runs: readonly (readonly [id: string, pipeline: Pipeline, unit: string])[] = [
    ["heatwave-two-targets", heatwave, "K"],
    ["freeze", freeze, "K"],
    ["object-masks", atmosphericRiver, "1"],
    ["probability-grid", severeConvection, "1"],
  ];
  for (const [id, pipeline, unit] of runs) {
    test(`${id} as the peer scores it`, async () => {
      const one = endToEndCases().find((other) => other.id === id)!;
      const metrics = one.objects
        .flatMap((object) => object.metrics)
        .flatMap((metric) => peerMetrics({ metric }));
      const names = new Map(metrics.map(({ metric: { term }, name }) => [term, name]));
      const rows = await rowsOf(one, pipeline, unit);
      const table = rows.map((row) => ({ row, metric: names.get(row.metric) ?? row.metric }));
      expect(tableDifferences(table, one.expected!, { strict: true, tolerance: toleranceOf(one) })).toEqual(
        [],
      );
    });
  }
});
