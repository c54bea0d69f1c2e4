import { describe, expect, test } from "vitest";
import { columns, type Row } from "../../src/model/row.ts";
import { type Cell, type ColumnTable, cellsOf } from "../../src/sinks/column.ts";
import { failureTable, gapTable } from "../../src/sinks/recordTable.ts";
import { resultTable } from "../../src/sinks/resultTable.ts";
import { row } from "./rows.ts";

const column = (table: ColumnTable, name: string) => {
  const index = table.columns.findIndex((some) => some.name === name);
  const cells: Cell[] = [];
  for (const { length, words } of table.blocks(3)) {
    const cell = cellsOf(table, words);
    for (let row = 0; row < length; row++) cells.push(cell(index, row));
  }
  return cells;
};

const refused = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("not refused");
};

describe("resultTable", () => {
  test("sorts by key: null first, numbers by size, texts by code units", async () => {
    const sorted = await resultTable([
      row({ lead_hours: 12 }),
      row({ lead_hours: null, valid_time: 5 }),
      row({ lead_hours: 6 }),
      row({ forecast: "a" }),
      row({ forecast: "B" }),
      row({ case_id: -1 }),
      row({ level: 850 }),
      row({ level: 1000 }),
    ]).sorted();
    expect(column(sorted, "case_id")).toEqual([-1, 1, 1, 1, 1, 1, 1, 1]);
    expect(column(sorted, "forecast")).toEqual([
      "model",
      "B",
      "a",
      "model",
      "model",
      "model",
      "model",
      "model",
    ]);
    expect(column(sorted, "level")).toEqual([null, null, null, null, null, null, 850, 1000]);
    expect(column(sorted, "lead_hours")).toEqual([6, 6, 6, null, 6, 12, 6, 6]);
  });

  test("identical rows collapse, NaN equals NaN", async () => {
    const values = async (rows: Row[]) => column(await resultTable(rows).sorted(), "value");
    expect(await values([row({ value: Number.NaN }), row({ value: 0 / 0 })])).toEqual([Number.NaN]);
    expect(await values([row({ extra: { a: 1 } }), row({ extra: { a: 1 } })])).toEqual([1.25]);
  });

  test.each<[string, Partial<Row>, RegExp]>([
    ["value", { value: 2 }, /value is 1.25 and 2/],
    ["status", { status: "partial" }, /status is complete and partial/],
    ["an added column", { extra: { n_times: 3 } }, /n_times is null and 3/],
  ])("two rows of one key that differ in %s are refused", async (_, part, message) => {
    const error = await resultTable([row({ init_time: 0 }), row({ init_time: 0, ...part })])
      .sorted()
      .catch((cause) => cause);
    expect(error).toMatchObject({ tag: "DuplicateRow", message: expect.stringMatching(message) });
    expect(error).toMatchObject({ message: expect.stringContaining("init_time=1970-01-01T00:00:00.000Z") });
  });

  test("what is no part of the key is no key", async () => {
    await expect(resultTable([row({ unit: "K" }), row({ unit: "m" })]).sorted()).rejects.toThrow("unit is");
  });

  test("added columns come last, by name; counts are integers, others doubles", async () => {
    const table = await resultTable([
      row({ lead_hours: 0 }),
      row({ lead_hours: 1, extra: { n_times: 3, landfall_latitude: 12 } }),
      row({ lead_hours: 2, extra: { n_parts: 0.5 } }),
    ]).sorted();
    expect(table.columns.slice(columns.length)).toEqual([
      { name: "landfall_latitude", type: "double", nullable: true },
      { name: "n_parts", type: "double", nullable: true },
      { name: "n_times", type: "int64", nullable: true },
    ]);
    expect(column(table, "n_times")).toEqual([null, 3, null]);
    expect(column(table, "n_parts")).toEqual([null, null, 0.5]);
  });

  test.each<[Partial<Record<keyof Row, unknown>>, RegExp]>([
    [{ n: 1.5 }, /column "n" got 1.5; expected an integer/],
    [{ case_id: 3_000_000_000 }, /"case_id" got 3000000000; expected an integer of 32 bits/],
    [{ forecast: null }, /"forecast" got null; expected a text$/],
    [{ value: null }, /"value" got null/],
    [{ init_time: 0.5 }, /"init_time" got 0.5; expected whole milliseconds since 1970 or null/],
    [{ extra: { value: 1 } }, /adds the column "value"/],
    [{ extra: { a: "x" } }, /"a" got "x"/],
  ])("%j is refused", (part, message) => {
    const error = refused(() => resultTable([row(part as Partial<Row>)]));
    expect(error).toMatchObject({ tag: "InvalidValue", message: expect.stringMatching(message) });
  });

  test("counts what it holds", () => {
    const table = resultTable();
    const before = table.bytes;
    for (let lead = 0; lead < 10_000; lead++) table.add(row({ lead_hours: lead }));
    expect(table.length).toBe(10_000);
    expect((table.bytes - before) / 10_000).toBeLessThan(500);
    expect((table.bytes - before) / 10_000).toBeGreaterThan(100);
  });
});

describe("failures and gaps", () => {
  const failure = {
    case_id: 1,
    forecast: "a",
    target: null,
    source: "s",
    key: "0.0",
    stage: "read" as const,
    tag: "StoreRead",
    message: "m",
  };
  test("are sorted, equal ones once", () => {
    const failures = failureTable([
      { ...failure, case_id: 2 },
      failure,
      { ...failure, case_id: null },
      { ...failure },
    ]);
    expect(column(failures, "case_id")).toEqual([null, 1, 2]);
    const gaps = gapTable([{ case_id: 1, forecast: "a", target: "t", source: "s", what: "w", units: 3 }]);
    expect(column(gaps, "units")).toEqual([3]);
  });
});
