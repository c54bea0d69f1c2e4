import { expect, test } from "vitest";
import {
  differences,
  isSingle,
  pairsOf,
  scoreAll,
  sizeOf,
  type UnitCase,
  unitCases,
} from "../golden/unitCase.ts";
import { peerMetrics } from "../golden/unitCompat.ts";
import { describeShared } from "../shared.ts";

const pairs = (unit: UnitCase) =>
  pairsOf(unit, {
    join: "exact",
    everyRef: true,
    targetTimes: /^M(ax|in)imum/.test(unit.metric.class),
  });

for (const family of [
  "continuous",
  "peak",
  "duration",
  "early-signal",
  "threshold",
  "spatial-displacement",
]) {
  describeShared(`compat metrics on units/${family}.json`, () => {
    for (const unit of unitCases(family)) {
      test(`${unit.id}: ${unit.title}`, () => {
        if (!Array.isArray(unit.expected)) {
          expect(() => peerMetrics(unit).map(({ metric }) => scoreAll(metric, pairs(unit)))).toThrow();
          return;
        }
        const single = isSingle(unit);
        const scale = single || unit.id.includes("diurnal") ? sizeOf(unit) : 1;
        const made = peerMetrics(unit);
        const names = made.map(({ name }) => name);
        for (const row of unit.expected) expect(names).toContain(row.metric);
        for (const { name, metric } of made) {
          const wanted = unit.expected.filter((row) => row.metric === name);
          const rows = scoreAll(metric, pairs(unit));
          expect(differences(rows, wanted, { strict: true, single, scale })).toEqual([]);
        }
      });
    }
  });
}
