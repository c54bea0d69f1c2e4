import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type LatticeSample, latticeOf, temporalResolution } from "../../src/compat/ewb11/lattice.ts";
import { samplesOfDay } from "../../src/operators/metrics/runs/lowest.ts";
import type { RunOf } from "../../src/operators/metrics/runs/series.ts";
import { instant } from "../golden/unitCase.ts";
import { describeShared, sharedPath } from "../shared.ts";

const HOUR = 3_600_000;

describeShared("time.json", () => {
  const cases = JSON.parse(readFileSync(sharedPath("golden", "ewb-core", "units", "time.json"), "utf8"));
  for (const { id, function: name, inputs, expected } of cases) {
    if (name === "temporal_resolution") {
      test(id, () => expect(temporalResolution(inputs.valid_time.map(instant)) ?? null).toBe(expected));
    }
    if (name === "steps_per_day") {
      test(id, () =>
        expect(samplesOfDay([...inputs.lead_hours].sort((a: number, b: number) => a - b))).toBe(expected),
      );
    }
    if (name === "window_and_pivot") {
      test(id, () => {
        const series: RunOf<LatticeSample & { cell: number }>[] = [];
        inputs.init_time.forEach((text: string, i: number) => {
          const initTime = instant(text);
          const run = inputs.lead_time.map((leadHours: number, l: number) => {
            const validTime = initTime + leadHours * HOUR;
            const matched = validTime >= instant(inputs.start) && validTime <= instant(inputs.end);
            return { leadHours, validTime, matched, cell: i * inputs.lead_time.length + l };
          });
          if (run.some(({ matched }: any) => matched) && !series.some((known) => known.initTime === initTime))
            series.push({ initTime, leads: inputs.lead_time, samples: run });
        });
        const { leads, times, cell } = latticeOf(series);
        expect(times).toEqual(expected.valid_time.map(instant));
        if (times.length === 0) return;
        expect(leads).toEqual(expected.lead_time);
        expect(leads.map((lead) => times.map((time) => cell(lead, time)?.cell ?? "NaN"))).toEqual(
          expected.cells,
        );
      });
    }
  }
});
