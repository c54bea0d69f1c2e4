import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { writeParquet } from "../../src/sinks/parquet/writeParquet.ts";
import { resultTable } from "../../src/sinks/resultTable.ts";
import { row } from "./rows.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-rows-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const someRows = (count: number) => Array.from({ length: count }, (_, lead_hours) => row({ lead_hours }));

test("a table that is replaced while it is read is read whole, the old one or the new one", async () => {
  const file = join(root, "rows.parquet");
  const sizes = [3000, 10, 900];
  await writeParquet(file, resultTable(someRows(sizes[0]!)), {});
  let isOver = false;
  const replacing = (async () => {
    for (let i = 1; i <= 40; i++) await writeParquet(file, resultTable(someRows(sizes[i % 3]!)), {});
    isOver = true;
  })();
  let reads = 0;
  while (!isOver) {
    const { rows } = await readRows(file);
    expect(sizes).toContain(rows.length);
    reads += 1;
  }
  await replacing;
  expect(reads).toBeGreaterThan(3);
});
