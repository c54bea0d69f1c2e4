/** Golden numbers of independent libraries through the whole program: every key that our options can say. */
import type { Row } from "ewb";
import { afterAll, describe, expect, test } from "vitest";
import { troubles } from "./program.ts";
import { factoryOf, runScience, type ScienceCase, scienceCases, scienceRule } from "./scienceCase.ts";
import { Tally } from "./tally.ts";
import { flat, instant, type LabelledArray, numberOf } from "./unitCase.ts";

const tally = new Tally("science-metrics");

const terms: Readonly<Record<string, string>> = {
  meanError: "mean error",
  meanAbsoluteError: "mean absolute error",
  meanSquaredError: "mean squared error",
  rootMeanSquaredError: "root mean squared error",
};

/** Labels of each value of an expected array, in its order. */
const labelsOf = ({ dims, coords }: LabelledArray): Record<string, string | number>[] =>
  dims.reduce<Record<string, string | number>[]>(
    (all, dim) => all.flatMap((labels) => coords[dim].map((label: any) => ({ ...labels, [dim]: label }))),
    [{}],
  );

const isAt = (row: Row, labels: Record<string, string | number>): boolean =>
  Object.entries(labels).every(([dim, label]) => {
    if (dim === "init_time") return row.init_time === instant(`${label}`);
    return dim === "lead_hours" ? row.lead_hours === label : row.by === `${dim}=${label}`;
  });

const differencesOf = (one: ScienceCase, key: string, rows: readonly Row[]): string[] => {
  const term = key === "weights" ? "weights" : terms[factoryOf(one, key)!]!;
  const mine = rows.filter(({ metric }) => metric === term);
  const wanted = one.expected[key]!;
  const isArray = typeof wanted === "object";
  const values = isArray ? flat(wanted.data) : [numberOf(wanted)];
  const { absolute, relative } = one.tolerance;
  return (isArray ? labelsOf(wanted) : [{}]).flatMap((labels, i) => {
    const found = mine.filter((row) => isAt(row, labels));
    const got = key === "n" ? found[0]?.n : found[0]?.value;
    const value = values[i]!;
    const isClose =
      found.length === 1 &&
      (Object.is(got, value) || Math.abs(got! - value) <= absolute + relative * Math.abs(value));
    return isClose ? [] : [`${key} ${JSON.stringify(labels)}: got ${got}, expected ${value}`];
  });
};

for (const { family, one } of scienceCases()) {
  tally.add(`${family}/${one.id}`, family);
  const keys = Object.keys(one.expected).filter((key) => {
    const rule = scienceRule(one, key);
    if (rule !== undefined) tally.leftOut(`${family}/${one.id}`, rule);
    return rule === undefined;
  });
  if (keys.length === 0) continue;
  describe(family, () => {
    test(`${one.id}: ${keys.join(", ")}`, async () => {
      const outcome = await runScience(one, keys);
      expect(troubles(outcome)).toEqual([]);
      expect(keys.flatMap((key) => differencesOf(one, key, outcome.rows))).toEqual([]);
      tally.compared(`${family}/${one.id}`);
    });
  });
}

afterAll(() => {
  console.log(tally.text());
});
