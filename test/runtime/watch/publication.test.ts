import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { RowVersion } from "../../../src/model/ledger.ts";
import type { Failure, Row } from "../../../src/model/row.ts";
import { Publication, rowKey } from "../../../src/runtime/watch/publication.ts";
import { writeParquet } from "../../../src/sinks/parquet/writeParquet.ts";
import { resultTable } from "../../../src/sinks/resultTable.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-publication-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const row = (lead_hours: number, value: number, more: Partial<Row> = {}): Row => ({
  ...{ case_id: 1, case_title: "a", event_type: "heat_wave", forecast: "f", target: "o", metric: "bias" },
  ...{ variable: "t", unit: "K", level: null, by: null, parameters: null, init_time: null },
  ...{ valid_time: null, lead_hours, value, lower: null, upper: null, confidence: null },
  ...{ share_better: null, reference: null, n: 1, status: "complete", metric_id: "0".repeat(16) },
  ...{ forecast_version: "1", target_version: "1", ewb_version: "1" },
  ...more,
});

const failure = (more: Partial<Failure>): Failure => ({
  ...{ case_id: null, forecast: null, target: null, source: null, key: null },
  ...{ stage: "read", tag: "StoreRead", message: "damaged" },
  ...more,
});

/** A table that was published with some rows, and what its history was told. */
const published = async (name: string, rows: readonly Row[]) => {
  const file = join(root, name);
  await writeParquet(file, resultTable(rows), {});
  const told: (readonly [string, RowVersion])[] = [];
  let flushed = 0;
  const records = {
    append: (key: string, version: RowVersion) => void told.push([key, version]),
    flush: async () => {
      flushed = told.length;
    },
  };
  const publication = new Publication(file, records, () => 1000);
  await publication.open();
  return { publication, told, flushed: () => flushed };
};

test("what is new, changed, the same and gone; what rows said before is history, on disk before the table", async () => {
  const { publication, told, flushed } = await published("rows.parquet", [
    row(0, 1),
    row(6, 2),
    row(12, Number.NaN),
    row(18, 4),
  ]);
  const now = [row(0, 1), row(6, 2.5), row(12, Number.NaN), row(24, 5)];
  for (const one of now) publication.add(one);
  expect(publication.changes).toEqual({ added: 1, changed: 1, same: 2, gone: 1 });
  await publication.recorded();
  expect(told.map(([key, { at, value }]) => [key, at, value])).toEqual([
    [rowKey(row(6, 0)), 1000, 2],
    [rowKey(row(18, 0)), 1000, 4],
  ]);
  expect(flushed()).toBe(2);
  publication.published();
  for (const one of now) publication.add(one);
  expect(publication.changes).toEqual({ added: 0, changed: 0, same: 4, gone: 0 });
});

test("a status or a version alone is a change", async () => {
  const { publication } = await published("status.parquet", [row(0, 1), row(6, 1)]);
  publication.add(row(0, 1, { status: "provisional" }));
  publication.add(row(6, 1, { target_version: "2" }));
  expect(publication.changes).toMatchObject({ changed: 2, same: 0 });
});

test("what failed keeps the rows it had, and nothing else does", async () => {
  const others = [row(0, 2, { target: "p" }), row(0, 3, { case_id: 2 })];
  const { publication } = await published("failed.parquet", [row(0, 1), ...others]);
  publication.add(row(0, 9, { case_id: 2 }));
  const kept = async (...failures: Partial<Failure>[]) =>
    (await publication.carried(failures.map(failure))).map(({ value }) => value);
  expect(await kept({ case_id: 1, forecast: "f", target: "o" })).toEqual([1]);
  expect(await kept({ case_id: 1, forecast: "f" })).toEqual([1, 2]);
  expect(await kept({ case_id: 2, forecast: "f", target: "o" })).toEqual([]);
  expect(await kept({ stage: "cases" })).toEqual([]);
});
