import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns, type Row } from "../../src/model/row.ts";
import { writeArrow } from "../../src/sinks/arrow/writeArrow.ts";
import { writeCsv } from "../../src/sinks/csv/writeCsv.ts";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { writeParquet } from "../../src/sinks/parquet/writeParquet.ts";
import { resultTable } from "../../src/sinks/resultTable.ts";
import { rowCells } from "../../src/sinks/rowCells.ts";
import { temporaryFolder } from "./folder.ts";
import { row, rowSets, shuffled } from "./rows.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);

/** The bytes of the file of these rows, of which so many bytes are in memory at once. */
const spilled = async (rows: readonly Row[], bytes: number, rowGroupRows = 7): Promise<Buffer> => {
  const table = resultTable(rows, { path: path("spilled.parquet"), bytes });
  await writeParquet(path("spilled.parquet"), table, {}, { rowGroupRows });
  table.close();
  return readFileSync(path("spilled.parquet"));
};
const inMemory = async (rows: readonly Row[], rowGroupRows = 7): Promise<Buffer> => {
  await writeParquet(path("whole.parquet"), rows, {}, { rowGroupRows });
  return readFileSync(path("whole.parquet"));
};

/** Many rows that differ in all columns of the key, in an order of no use. */
const many = (count: number): Row[] =>
  shuffled(
    Array.from({ length: count }, (_, i) =>
      row({
        case_id: i % 3,
        forecast: ["b", "a", "ä"][i % 5 === 0 ? 2 : i % 2]!,
        variable: `v${i % 300}`,
        level: i % 4 === 0 ? null : i % 4 === 1 ? Number.NaN : -(i % 4),
        by: i % 2 === 0 ? null : `station=${i}`,
        init_time: i * 3_600_000 - 5_000_000,
        value: i % 11 === 0 ? Number.NaN : i / 7,
        n: i,
        ...(i > count / 2 ? { extra: { n_late: i, part: 0.5 } } : {}),
      }),
    ),
    7,
  );

describe("rows put aside on disk", () => {
  test("any rows, whatever is in memory at once, give the same file", async () => {
    await fc.assert(
      fc.asyncProperty(
        rowSets,
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(),
        async (rows, bytes, groupRows, seed) => {
          const again = shuffled([...rows, ...rows.slice(0, 5)], seed);
          const whole = await inMemory(rows, groupRows);
          expect((await spilled(again, bytes, groupRows)).equals(whole)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ["runs of several blocks", 150_000],
    ["runs that are merged more than once", 20_000],
  ])("%s", async (_, bytes) => {
    const rows = many(4000);
    const whole = await inMemory(rows, 1000);
    expect((await spilled(rows, bytes, 1000)).equals(whole)).toBe(true);
    expect((await readRows(path("spilled.parquet"))).rows).toHaveLength(4000);
  });

  test("a column that holds one cell in each block, not in all of them", async () => {
    // A block has 256 rows, the first run 600: both runs begin with a block of case 1.
    const rows = Array.from({ length: 1200 }, (_, i) =>
      row({ case_id: i % 600 < 256 ? 1 : 2, lead_hours: i }),
    );
    expect((await spilled(rows, 600 * 160)).equals(await inMemory(rows))).toBe(true);
  });

  test("the other formats too, one after the other", async () => {
    const rows = many(1000);
    const table = resultTable(rows, { path: path("a.parquet"), bytes: 30_000 });
    for (const [write, ending] of [
      [writeCsv, "csv"],
      [writeArrow, "arrow"],
    ] as const) {
      await write(path(`a.${ending}`), table);
      await write(path(`b.${ending}`), rows);
      expect(readFileSync(path(`a.${ending}`)).equals(readFileSync(path(`b.${ending}`)))).toBe(true);
    }
    table.close();
  });

  test("equal rows of different runs are one, others of one key are refused by name", async () => {
    const twice = [...many(500), ...many(500)];
    expect((await spilled(twice, 20_000)).equals(await inMemory(many(500)))).toBe(true);
    const rows = [...many(500), { ...many(500)[77]!, value: 5, status: "partial" as const }];
    const table = resultTable(rows, { path: path("c.parquet"), bytes: 20_000 });
    const error = await writeParquet(path("c.parquet"), table).catch((cause) => cause);
    const whole = await writeParquet(path("c.parquet"), rows).catch((cause) => cause);
    table.close();
    expect(error).toMatchObject({ tag: "DuplicateRow" });
    const parts = (text: string) => text.split(/ and |: |; /).sort();
    expect(parts(error.message)).toEqual(parts(whole.message));
    expect(error.message).toMatch(/value is .* and .*; status is .*partial/);
  });

  test("what is in memory does not grow with the rows", () => {
    const bytes = [20_000, 80_000].map((count) => {
      const table = resultTable([], { path: path("d.parquet"), bytes: 500_000 });
      for (let i = 0; i < count; i++) table.add(row({ lead_hours: i }));
      table.close();
      return table.bytes;
    });
    // A block of rows that are given out: 65,536 at most.
    const blocks = (65_536 - 20_000) * 160;
    expect(bytes[1]! - bytes[0]!).toBeLessThan(blocks + 100_000);
    expect(bytes[0]).toBeLessThan(500_000 + 20_000 * 160 + 1_200_000);
  });

  test("nothing of them is seen, and nothing is left", async () => {
    const before = readdirSync(folder);
    const table = resultTable(many(500), { path: path("e.parquet"), bytes: 20_000 });
    // Windows may show the file until it is closed.
    if (process.platform !== "win32") expect(readdirSync(folder)).toEqual(before);
    table.close();
    table.close();
    expect(readdirSync(folder)).toEqual(before);
    await expect(writeParquet(path("e.parquet"), table)).rejects.toMatchObject({ tag: "Stopped" });
    expect(readdirSync(folder)).toEqual(before);
  });

  test.skipIf(process.platform === "win32")("a process that is killed leaves nothing", () => {
    const before = readdirSync(folder);
    const source = (name: string) => JSON.stringify(join(import.meta.dirname, name));
    writeFileSync(
      path("killed.mts"),
      `import { resultTable } from ${source("../../src/sinks/resultTable.ts")};
       import { row } from ${source("rows.ts")};
       const rows = Array.from({ length: 9000 }, (_, i) => row({ lead_hours: i }));
       resultTable(rows, { path: ${JSON.stringify(path("f.parquet"))}, bytes: 20_000 });
       process.kill(process.pid, "SIGKILL");`,
    );
    const jiti = join(import.meta.dirname, "..", "..", "node_modules", "jiti", "lib", "jiti-cli.mjs");
    const child = spawnSync(process.execPath, [jiti, path("killed.mts")], { encoding: "utf8" });
    expect([child.signal, child.stderr]).toEqual(["SIGKILL", ""]);
    expect(readdirSync(folder).filter((name) => name !== "killed.mts")).toEqual(before);
  });

  test("a folder that cannot be written to is named", () => {
    writeFileSync(path("file"), "");
    const table = resultTable([], { path: path("file/a.parquet"), bytes: 1000 });
    const add = () => {
      for (let lead_hours = 0; lead_hours < 50; lead_hours++) table.add(row({ lead_hours }));
    };
    expect(add).toThrow(expect.objectContaining({ tag: "Write", place: { source: path("file/a.parquet") } }));
  });
});

test("cells of a row stand in the order of the columns", () => {
  const cells: unknown[] = [];
  const names = Object.fromEntries(columns.map(({ name }) => [name, name])) as unknown as Row;
  rowCells(names, cells);
  expect(cells).toEqual(columns.map(({ name }) => name));
});
