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
import { peerMetric } from "../golden/unitCompat.ts";
import { describeShared } from "../shared.ts";

const pairs = (unit: UnitCase) =>
  pairsOf(unit, {
    join: "exact",
    everyRef: true,
    targetTimes: /^M(ax|in)imum/.test(unit.metric.class),
  });

for (const family of ["continuous", "peak", "duration", "early-signal"]) {
  describeShared(`compat metrics on units/${family}.json`, () => {
    for (const unit of unitCases(family)) {
      test(`${unit.id}: ${unit.title}`, () => {
        if (!Array.isArray(unit.expected)) {
          expect(() => scoreAll(peerMetric(unit), pairs(unit))).toThrow();
          return;
        }
        const rows = scoreAll(peerMetric(unit), pairs(unit));
        const single = isSingle(unit);
        expect(
          differences(rows, unit.expected, {
            strict: true,
            single,
            scale: single || unit.id.includes("diurnal") ? sizeOf(unit) : 1,
          }),
        ).toEqual([]);
      });
    }
  });
}
