/** docs/differences-from-ewb.md lists every quirk of the golden files, with the numbers they hold. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { endToEndCases } from "../golden/endToEndCase.ts";
import { goldenPath } from "../golden/goldenPath.ts";
import { numberOf } from "../golden/unitCase.ts";
import { describeShared } from "../shared.ts";

type TableRow = Readonly<Record<string, any>>;

interface Quirk {
  readonly id: string;
  readonly expected: readonly TableRow[] | undefined;
  readonly right: readonly TableRow[] | undefined;
}

const doc = readFileSync(resolve(import.meta.dirname, "../../docs/differences-from-ewb.md"), "utf8");
const families = [
  ...["align", "continuous", "duration", "early-signal", "landfall", "operation", "peak", "regions"],
  ...["spatial-displacement", "tables", "threshold", "time"],
];

const rowsOf = (value: unknown): readonly TableRow[] | undefined =>
  Array.isArray(value) && value.every((row) => typeof row === "object" && row !== null && "metric" in row)
    ? value
    : undefined;

const quirks = (): Quirk[] => [
  ...families.flatMap((family) =>
    JSON.parse(readFileSync(goldenPath("ewb-core", "units", `${family}.json`), "utf8"))
      .filter(({ kind }: any) => kind === "quirk")
      .map(({ id, expected, right }: any) => ({
        id: `${family}/${id}`,
        expected: rowsOf(expected),
        right: rowsOf(right),
      })),
  ),
  ...endToEndCases().filter(({ kind }) => kind === "quirk"),
];

/** Four digits, words of truth, "-" for nothing. */
const text = (value: unknown): string =>
  value === undefined
    ? "-"
    : typeof value === "boolean"
      ? `${value}`
      : Number.isNaN(numberOf(value))
        ? "NaN"
        : `${Number(numberOf(value).toPrecision(4))}`;

const labels = [
  "metric",
  "lead_time",
  "init_time",
  "case_id_number",
  "target_variable",
  "forecast_source",
  "target_source",
];
const isSame = (a: TableRow, b: TableRow): boolean =>
  labels.every(
    (key) => a[key] === undefined || b[key] === undefined || (a[key] ?? null) === (b[key] ?? null),
  );

/** What both sides say of the first row in which they differ, the peer's rows first. */
const firstDifference = ({ expected, right }: Quirk): readonly [peer: string, right: string] => {
  for (const row of expected ?? []) {
    const other = right?.find((one) => isSame(row, one));
    if (text(row.value) !== text(other?.value)) return [text(row.value), text(other?.value)];
  }
  const more = (right ?? []).find((one) => !(expected ?? []).some((row) => isSame(row, one)));
  return [expected === undefined ? "error" : "-", text(more?.value)];
};

describeShared("docs/differences-from-ewb.md", () => {
  test("lists every quirk", () => {
    const all = quirks();
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(({ id }) => !doc.includes(`\`${id}\``)).map(({ id }) => id)).toEqual([]);
  });

  test("says the numbers of the golden files", () => {
    const byId = new Map(quirks().map((quirk) => [quirk.id, quirk]));
    const lines = doc.split("\n").filter((line) => line.startsWith("| `") && line.split("|").length === 7);
    expect(lines.length).toBeGreaterThan(50);
    const wrong = lines.flatMap((line) => {
      const [, cases = "", , peer = "", right = ""] = line.split("|").map((cell) => cell.trim());
      const id = /`([^`]+)`/.exec(cases)![1]!;
      const quirk = byId.get(id);
      if (quirk === undefined) return [`${id}: no quirk of the golden files`];
      // Functions have no rows of numbers.
      if (quirk.expected === undefined && quirk.right === undefined && peer === "-") return [];
      const [ofPeer, ofRight] = firstDifference(quirk);
      return peer === ofPeer && right === ofRight
        ? []
        : [`${id}: ${peer} and ${right}, the golden files ${ofPeer} and ${ofRight}`];
    });
    expect(wrong).toEqual([]);
  });
});
