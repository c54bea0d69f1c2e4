import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { RowVersion } from "../../../src/model/ledger.ts";
import type { Failure, Row } from "../../../src/model/row.ts";
import { Publication, rowKey } from "../../../src/runtime/watch/publication.ts";
import { type ColumnTable, cellsOf } from "../../../src/sinks/column.ts";
import { writeParquet } from "../../../src/sinks/parquet/writeParquet.ts";
import type { PartRule } from "../../../src/sinks/parts/partRule.ts";
import { filePlace } from "../../../src/sinks/published/filePlace.ts";
import { setPlace } from "../../../src/sinks/published/setPlace.ts";
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
const published = async (name: string, rows: readonly Row[], rule: PartRule | "file" = "file") => {
  const path = join(root, name);
  const place = rule === "file" ? filePlace(path) : setPlace(path, rule, () => 0);
  const collected = (rows: readonly Row[]) => resultTable(rows, { path, bytes: 1e6 }, place.rule);
  const write = async (rows: readonly Row[]) => {
    const [table, before] = [collected(rows), await place.open()];
    await place.write(await table.sorted(), place.partsOf(table.parts), {}, before);
    await before?.close();
  };
  await write(rows);
  const told: (readonly [string, RowVersion])[] = [];
  let flushed = 0;
  const records = {
    append: (key: string, version: RowVersion) => void told.push([key, version]),
    flush: async () => {
      flushed = told.length;
    },
  };
  const publication = new Publication(records, () => 1000);
  const changes = async (rows: readonly Row[]) => {
    const [table, before] = [collected(rows), await place.open()];
    const parts = place.partsOf(table.parts);
    const found = await publication.changes(place, before, await table.sorted(), parts);
    await before?.close();
    return found;
  };
  const carried = async (rows: readonly Row[], failures: readonly Failure[]) => {
    const [table, before] = [collected(rows), (await place.open())!];
    await publication.carry(place, before, table, failures);
    await before.close();
    return rowsOf(await table.sorted());
  };
  return { publication, told, flushed: () => flushed, write, changes, carried };
};

/** Forecast, target and value of all rows. */
const rowsOf = (table: ColumnTable) => {
  const names = ["case_id", "forecast", "target", "value"].map((name) =>
    table.columns.findIndex((column) => column.name === name),
  );
  return [...table.blocks(100)].flatMap(({ length, words }) => {
    const cell = cellsOf(table, words);
    return Array.from({ length }, (_, row) => names.map((c) => cell(c, row)).join(" "));
  });
};

describe.each(["file", "case", "month"] as const)("a table that is published again (%s)", (rule) => {
  test("what is new, changed, the same and gone; what rows said before is history, on disk before the table", async () => {
    const { publication, told, flushed, changes, write } = await published(
      `rows-${rule}`,
      [row(0, 1), row(6, 2), row(12, Number.NaN), row(18, 4), row(0, 7, { case_id: 50 })],
      rule,
    );
    const now = [row(0, 1), row(6, 2.5), row(12, Number.NaN), row(24, 5), row(0, 7, { case_id: 50 })];
    expect(await changes(now)).toEqual({ added: 1, changed: 1, same: 3, gone: 1 });
    await publication.recorded();
    expect(told.map(([key, { at, value }]) => [key, at, value])).toEqual([
      [rowKey(row(6, 0)), 1000, 2],
      [rowKey(row(18, 0)), 1000, 4],
    ]);
    expect(flushed()).toBe(2);
    await write(now);
    expect(await changes(now)).toEqual({ added: 0, changed: 0, same: 5, gone: 0 });
    expect(await changes([])).toEqual({ added: 0, changed: 0, same: 0, gone: 5 });
  });

  test("a status, a version or a column that a metric adds is a change; a case that is new, too", async () => {
    const { changes } = await published(`status-${rule}`, [row(0, 1), row(6, 1), row(12, 1)], rule);
    const now = [
      row(0, 1, { status: "provisional" }),
      row(6, 1, { target_version: "2" }),
      row(12, 1, { extra: { n_times: 3 } }),
      row(0, 1, { case_id: 2 }),
    ];
    expect(await changes(now)).toEqual({ added: 1, changed: 3, same: 0, gone: 0 });
  });

  test("what failed keeps the rows it had, and nothing else does", async () => {
    const init = { init_time: Date.UTC(2024, 5, 1) };
    const others = [row(0, 2, { target: "p", ...init }), row(0, 3, { case_id: 2, extra: { a: 5 } })];
    const model = row(0, 4, { forecast: "g" });
    const { carried } = await published(`failed-${rule}`, [row(0, 1), model, ...others], rule);
    const now = [row(0, 9, { case_id: 2 })];
    const kept = async (...failures: Partial<Failure>[]) =>
      (await carried(now, failures.map(failure))).filter((text) => text !== "2 f o 9");
    expect(await kept({ case_id: 1, forecast: "f", target: "o" })).toEqual(["1 f o 1"]);
    expect((await kept({ case_id: 1, forecast: "f" })).sort()).toEqual(["1 f o 1", "1 f p 2"]);
    expect(await kept({ case_id: 2, forecast: "f", target: "o" })).toEqual([]);
    expect(await kept({ case_id: 1, target: "o" })).toEqual(["1 f o 1", "1 g o 4"]);
    expect((await kept({ forecast: "f" })).sort()).toEqual(["1 f o 1", "1 f p 2"]);
    expect(await kept({ stage: "cases" })).toEqual([]);
  });
});

test("a table that a run has written is compared as a whole", async () => {
  const { changes } = await published("plain", [row(0, 1), row(6, 2)]);
  await writeParquet(join(root, "plain"), [row(0, 1), row(6, 3), row(12, 4)]);
  expect(await changes([row(0, 1), row(6, 2)])).toEqual({ added: 0, changed: 1, same: 1, gone: 1 });
});
