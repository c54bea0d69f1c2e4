/**
 * The peer's golden cases through the whole program. Ours, with the peer's choices among our options, must give
 * what is right; `ewb/compat/ewb11` must give what the peer gives, rows without a number included. What has
 * nothing to be compared with yet is left out by rule and counted.
 */
import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { describeShared } from "../shared.ts";
import { type EndToEndCase, endToEndCases, type TableRow } from "./endToEndCase.ts";
import { runEndToEnd, toleranceOf } from "./endToEndProgram.ts";
import { caseRules, metricRules, objectRules, peerRules, rowNames, wingRules } from "./endToEndRules.ts";
import { functionCases, functionChecks } from "./functionCase.ts";
import { goldenPath } from "./goldenPath.ts";
import { hasRefused, troubles } from "./program.ts";
import { tableDifferences } from "./tableRows.ts";
import { Tally } from "./tally.ts";
import {
  differences,
  type ExpectedRow,
  flat,
  isSingle,
  numberOf,
  sizeOf,
  type UnitCase,
  unitCases,
} from "./unitCase.ts";
import { partsOf, peerFactories } from "./unitCompat.ts";
import { metricsOf, runPairs, runTracks, runUnit, type UnitRow, type Wing } from "./unitProgram.ts";
import { isTracks, placeDifferences } from "./unitTracks.ts";

const tally = new Tally("ewb-core");
const wings: readonly Wing[] = ["ours", "compat"];
const families = readdirSync(goldenPath("ewb-core", "units"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -5))
  .sort();

/** Why a unit case cannot be compared in a wing; undefined: it can. */
const unitRule = (unit: UnitCase, wing: Wing): string | undefined => {
  const { metric, kind } = unit;
  const missing = (partsOf(metric) ?? [metric]).find(
    ({ class: name }) => !Object.hasOwn(peerFactories, name),
  );
  if (missing !== undefined) return `metric ${missing.class}`;
  const wanted = wing === "ours" && kind === "quirk" ? unit.right : unit.expected;
  if (wanted === undefined) return "ours: right_note without numbers";
  if (wing === "ours" && Array.isArray(wanted)) {
    const made = metricsOf(unit, "ours");
    if ("without" in made) return `ours: no ${made.without}`;
  }
  return undefined;
};

/** No run tells a metric of another case than its own, or gives it an empty time axis: the metric itself is asked. */
const isOfMetric = ({ case: stated, forecast, target }: UnitCase): boolean =>
  stated !== undefined || [forecast, target].some(({ coords }) => coords.valid_time?.length === 0);

/** Sums of multiples of 1/64 are exact up to the division; others carry the rounding of their decimals. */
const isDyadic = ({ forecast, target }: UnitCase): boolean =>
  [forecast, target].every(({ data }) =>
    flat(data).every((value) => !Number.isFinite(numberOf(value)) || Number.isInteger(numberOf(value) * 64)),
  );

/** By metric, since a composite has several. */
const metricDifferences = (
  table: readonly UnitRow[],
  wanted: readonly ExpectedRow[],
  options: Parameters<typeof differences>[2],
) =>
  [...new Set([...table, ...wanted].map(({ metric }) => metric))].flatMap((name) => {
    const of = <Row extends { readonly metric: string }>(rows: readonly Row[]) =>
      rows.filter(({ metric }) => metric === name);
    return differences(of(table), of(wanted), options).map((found) => ({ metric: name, ...found }));
  });

for (const family of families) {
  const units = unitCases(family).filter((unit) => "metric" in unit);
  if (units.length === 0) continue;
  describe(`units/${family}.json`, () => {
    for (const unit of units) {
      tally.add(`${family}/${unit.id}`, `${family} ${unit.kind}`);
      for (const wing of wings) {
        const name = `${unit.id}, ${wing}: ${unit.title}`;
        const rule = unitRule(unit, wing);
        if (rule !== undefined) {
          tally.leftOut(`${family}/${unit.id}`, rule);
          test.skip(`${name} (${rule})`, () => {});
          continue;
        }
        if (isTracks(unit)) {
          test(name, () => {
            const wanted = (
              wing === "ours" && unit.kind === "quirk" ? unit.right : unit.expected
            ) as ExpectedRow[];
            const table = runTracks(unit, wing);
            // The peer's rows carry places and times of the landfalls.
            const plain = wanted.map(({ valid_time: _, ...row }) => row);
            const options = { strict: wing === "compat", single: false, scale: 100 };
            expect(metricDifferences(table, plain, options)).toEqual([]);
            if (wing === "compat") expect(placeDifferences(table, wanted)).toEqual([]);
            tally.compared(`${family}/${unit.id}`);
          });
          continue;
        }
        test(name, async () => {
          const wanted = wing === "ours" && unit.kind === "quirk" ? unit.right! : unit.expected;
          const outcome = wing === "compat" && isOfMetric(unit) ? runPairs(unit) : await runUnit(unit, wing);
          if (!Array.isArray(wanted)) expect(hasRefused(outcome)).toBe(true);
          else {
            const single = isSingle(unit);
            const scale = single ? sizeOf(unit) : isDyadic(unit) ? 1 : 100;
            const strict = wing === "compat";
            expect(troubles(outcome)).toEqual([]);
            expect(metricDifferences(outcome.table, wanted, { strict, single, scale })).toEqual([]);
          }
          tally.compared(`${family}/${unit.id}`);
        });
      }
    }
  });
}

for (const family of families) {
  const units = functionCases(family);
  if (units.length === 0) continue;
  describe(`units/${family}.json, functions`, () => {
    for (const unit of units) {
      const id = `${family}/${unit.id}`;
      tally.add(id, `${family} ${unit.kind}`);
      const check = functionChecks[unit.function];
      if (check === undefined) {
        tally.leftOut(id, `function ${unit.function}`);
        test.skip(`${unit.id} (function ${unit.function})`, () => {});
        continue;
      }
      for (const wing of wings) {
        test(`${unit.id}, ${wing}: ${unit.title}`, async (context) => {
          const compared = await check(unit, wing);
          if (compared === undefined) return context.skip();
          if ("rule" in compared) {
            tally.leftOut(id, compared.rule);
            return context.skip();
          }
          expect(compared.got).toEqual(compared.wanted);
          tally.compared(id);
        });
      }
    }
  });
}

/** What of a case is left out, and whether anything is left. */
const endToEndRules = (one: EndToEndCase): { readonly rules: string[]; readonly nothing: boolean } => {
  const whole = caseRules(one);
  const objects = one.objects.map((object) => {
    const rules = objectRules(object);
    const metrics = object.metrics.map(metricRules);
    const none = rules.length > 0 || metrics.every((reasons) => reasons.length > 0);
    return { rules: rules.length > 0 ? rules : metrics.flat(), none };
  });
  const nothing = whole.length > 0 || objects.every(({ none }) => none);
  return { rules: [...whole, ...objects.flatMap(({ rules }) => rules)], nothing };
};

/** Rows of metrics that have a counterpart in a wing. */
const compared = (one: EndToEndCase, rows: readonly TableRow[], wing: Wing): TableRow[] => {
  const lacking = one.objects
    .flatMap(({ metrics }) => metrics)
    .filter((metric) => metricRules(metric).length + wingRules(metric, wing).length > 0)
    .flatMap(rowNames);
  return rows.filter(({ metric }) => !lacking.includes(metric));
};

describeShared("end to end", () => {
  for (const one of endToEndCases()) {
    tally.add(one.id, `end to end ${one.kind}`);
    const { rules, nothing } = endToEndRules(one);
    for (const rule of rules) tally.leftOut(one.id, rule);
    if (nothing) {
      test.skip(`${one.id} (${rules.join(", ")})`, () => {});
      continue;
    }
    const tolerance = toleranceOf(one);
    for (const metric of one.objects.flatMap(({ metrics }) => metrics))
      for (const rule of wingRules(metric, "ours")) tally.leftOut(one.id, rule);
    test(`${one.id}, ours`, async () => {
      const outcome = await runEndToEnd(one, "ours");
      const wanted = one.kind === "quirk" ? one.right : one.expected;
      if (wanted === undefined) expect(hasRefused(outcome), troubles(outcome).join()).toBe(true);
      else {
        // Where the peer ends with an error, ours keeps the rows that can be had and says what failed.
        if (one.expected !== undefined) expect(troubles(outcome)).toEqual([]);
        else if (one.isFailure) expect(troubles(outcome)).not.toEqual([]);
        expect(
          tableDifferences(outcome.table, compared(one, wanted, "ours"), { strict: false, tolerance }),
        ).toEqual([]);
      }
      tally.compared(one.id);
    });
    const oddities = peerRules(one);
    for (const rule of oddities) tally.leftOut(one.id, rule);
    if (oddities.length > 0) {
      test.skip(`${one.id}, compat (${oddities.join(", ")})`, () => {});
      continue;
    }
    test(`${one.id}, compat`, async () => {
      const outcome = await runEndToEnd(one, "compat");
      if (one.expected === undefined) expect(troubles(outcome)).not.toEqual([]);
      else {
        expect(troubles(outcome)).toEqual([]);
        const wanted = compared(one, one.expected, "compat");
        expect(tableDifferences(outcome.table, wanted, { strict: true, tolerance })).toEqual([]);
      }
      tally.compared(one.id);
    });
  }
});

afterAll(() => {
  console.log(tally.text());
});
