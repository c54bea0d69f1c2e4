import { expect, test } from "vitest";
import { type MemoryLine, memoryReportJson, memoryReportText } from "../../src/cli/memoryReport.ts";

const lines: readonly MemoryLine[] = [
  { kind: "run", name: "writer", units: 1, projected: 2e6, measured: null, factor: null },
  { kind: "metric", name: "rmse", units: 400, projected: 1500, measured: 1200, factor: 1 },
  { kind: "source", name: "ERA5", units: 400, projected: 8e6, measured: 9.2e6, factor: 1.15 },
  { kind: "source", name: "IFS", units: 200, projected: 40e6, measured: 38e6, factor: 1 },
];
const totals = { limit: 512e6, baseline: 143e6, budget: 369e6, peakAdmitted: 352e6, peakRss: 498e6 };

test("projected beside measured, by kind, the largest first, and the totals last", () => {
  expect(memoryReportText(lines, totals, 120)).toBe(
    [
      "  memory of  name    units  projected  measured  measured/projected  factor",
      "  source     IFS       200      40 MB     38 MB                0.95    1.00",
      "             ERA5      400     8.0 MB    9.2 MB                1.15    1.15",
      "  metric     rmse      400     1.5 kB    1.2 kB                0.80    1.00",
      "  run        writer      1     2.0 MB         ?                   ?       ?",
      "limit 512 MB, baseline 143 MB, budget 369 MB, peak admitted 352 MB, peak RSS 498 MB",
      "",
    ].join("\n"),
  );
});

test("what is not measured is a question mark, long names are cut, nothing gives only totals", () => {
  const unknown = { ...totals, limit: null, baseline: null, peakRss: null };
  expect(memoryReportText([], unknown, 80).trimEnd().split("\n").at(-1)).toBe(
    "limit ?, baseline ?, budget 369 MB, peak admitted 352 MB, peak RSS ?",
  );
  const name = "a source with a name that does not fit into any terminal";
  const text = memoryReportText([{ ...lines[2]!, name, projected: 0 }], totals, 85);
  const line = text.split("\n")[1]!;
  expect(line.length).toBeLessThanOrEqual(85);
  expect(line).toContain("…");
  expect(line).not.toMatch(/NaN|Infinity/);
});

test("the same as JSON", () => {
  const { memory, totals: said } = JSON.parse(memoryReportJson(lines, totals));
  expect(memory.map(({ name }: MemoryLine) => name)).toEqual(["IFS", "ERA5", "rmse", "writer"]);
  expect(memory[1]).toEqual(lines[2]);
  expect(said).toEqual(totals);
});
