import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeArrow } from "../../src/sinks/arrow/writeArrow.ts";
import { temporaryFolder } from "./folder.ts";
import { row, rowSets, shuffled } from "./rows.ts";

const path = join(temporaryFolder(), "a.arrow");
const written = async (...of: [Parameters<typeof writeArrow>[1], Parameters<typeof writeArrow>[2]?]) => {
  await writeArrow(path, ...of);
  return readFileSync(path);
};

describe("writeArrow", () => {
  test("types and values", async () => {
    const table = tableFromIPC(
      await written(
        [
          row({ init_time: Date.UTC(2024, 6, 1), value: Number.NaN, n: 2 ** 40 }),
          row({ lead_hours: null, level: 500, by: "ü", extra: { n_times: 3 } }),
        ],
        { b: "2", a: "1" },
      ),
    );
    const types = Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]));
    expect(types).toMatchObject({
      case_id: "Int32",
      init_time: "Timestamp<MILLISECOND, UTC>",
      n: "Int64",
      value: "Float64",
      n_times: "Int64",
    });
    expect(types.forecast).toMatch(/Dictionary<Int32, Utf8>/);
    const column = (name: string) => [...table.getChild(name)!];
    expect(column("level")).toEqual([null, 500]);
    expect(column("value")).toEqual([Number.NaN, 1.25]);
    expect(column("by")).toEqual([null, "ü"]);
    expect(column("n")).toEqual([2n ** 40n, 100n]);
    expect(column("n_times")).toEqual([null, 3n]);
    expect(column("init_time")).toEqual([Date.UTC(2024, 6, 1), null]);
    expect([...table.schema.metadata]).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(table.schema.fields.find(({ name }) => name === "value")!.nullable).toBe(false);
  });

  test("the bits of a computed NaN are not written", async () => {
    const negative = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
    const plain = await written([row({ value: Number.NaN })]);
    expect((await written([row({ value: negative })])).equals(plain)).toBe(true);
  });

  test("an empty table has its columns", async () => {
    const table = tableFromIPC(await written([]));
    expect([table.numRows, table.numCols]).toEqual([0, 26]);
  });

  test("any order of rows gives the same bytes, and as many rows", async () => {
    await fc.assert(
      fc.asyncProperty(rowSets, fc.nat(), async (rows, seed) => {
        const bytes = await written(rows);
        expect((await written(shuffled(rows, seed))).equals(bytes)).toBe(true);
        expect(tableFromIPC(bytes).numRows).toBe(rows.length);
      }),
      { numRuns: 25 },
    );
  });

  test("record batches of 65,536 rows", async () => {
    const table = tableFromIPC(
      await written(
        Array.from({ length: 70_000 }, (_, i) => row({ lead_hours: i, by: i % 2 ? null : `${i}` })),
      ),
    );
    expect(table.batches.map(({ numRows }) => numRows)).toEqual([65_536, 4464]);
    // Rows without `by` come first, then its texts by code units: the last are 9996 and 9998.
    const last = [34_999, 35_000, 69_998, 69_999].map((i) => [
      table.getChild("by")!.get(i),
      table.getChild("lead_hours")!.get(i),
    ]);
    expect(last).toEqual([
      [null, 69_999],
      ["0", 0],
      ["9996", 9996],
      ["9998", 9998],
    ]);
  });
});
