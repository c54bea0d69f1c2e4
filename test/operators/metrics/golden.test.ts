import { expect, test } from "vitest";
import {
  differences,
  instant,
  isSingle,
  pairsOf,
  scoreAll,
  sizeOf,
  type UnitCase,
  unitCases,
} from "../../golden/unitCase.ts";
import { ourMetric } from "../../golden/unitMetric.ts";
import { describeShared } from "../../shared.ts";

/** Times of the target that no forecast has never reach a metric: the program joins both sides on time first. */
const extremeIsOutside = ({ metric, forecast, target, expected }: UnitCase): boolean => {
  if (!/^M(ax|in)imum/.test(metric.class) || forecast.dims[0] !== "init_time") return false;
  const times = new Set<number>();
  for (const init of forecast.coords.init_time as string[]) {
    for (const lead of forecast.coords.lead_time as number[]) times.add(instant(init) + lead * 3_600_000);
  }
  const centre = Array.isArray(expected) ? expected[0]?.valid_time : undefined;
  if (centre) return !times.has(instant(centre));
  return (target.coords.valid_time as string[]).some((text) => !times.has(instant(text)));
};

for (const family of ["continuous", "peak", "duration", "early-signal"]) {
  describeShared(`our metrics on units/${family}.json`, () => {
    for (const unit of unitCases(family)) {
      const wanted = unit.kind === "science" ? unit.expected : unit.right;
      const name = `${unit.id}: ${unit.title}`;
      if (wanted === undefined) {
        test.skip(`${name} (${unit.right_note})`, () => {});
        continue;
      }
      if (!Array.isArray(wanted)) {
        test(name, () => {
          expect(() => {
            const metric = ourMetric(unit);
            if ("without" in metric) throw new Error(metric.without);
            scoreAll(metric, pairsOf(unit, { join: "near", everyRef: false }));
          }).toThrow();
        });
        continue;
      }
      const metric = ourMetric(unit);
      if ("without" in metric) {
        test.skip(`${name} (ours has no ${metric.without})`, () => {});
        continue;
      }
      if (extremeIsOutside(unit)) {
        test.skip(`${name} (its extreme lies at a time no forecast has)`, () => {});
        continue;
      }
      test(name, () => {
        const rows = scoreAll(metric, pairsOf(unit, { join: "near", everyRef: false }));
        const single = isSingle(unit);
        expect(
          differences(rows, wanted, {
            strict: false,
            single,
            scale: single || unit.id.includes("diurnal") ? sizeOf(unit) : 1,
          }),
        ).toEqual([]);
      });
    }
  });
}
