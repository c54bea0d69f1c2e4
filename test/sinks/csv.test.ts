import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns } from "../../src/model/row.ts";
import { writeCsv } from "../../src/sinks/csv/writeCsv.ts";
import { temporaryFolder } from "./folder.ts";
import { row, rowSets, shuffled } from "./rows.ts";

const path = join(temporaryFolder(), "a.csv");
const written = async (...rows: Parameters<typeof writeCsv>[1][]) => {
  for (const some of rows) await writeCsv(path, some);
  return readFileSync(path, "utf8");
};

describe("writeCsv", () => {
  test("is RFC 4180 with times in UTC, empty for null, NaN for NaN", async () => {
    const text = await written([
      row({
        init_time: 0,
        valid_time: 1,
        value: Number.NaN,
        case_title: 'a, "b"\nc',
        lower: -0,
        n: 2 ** 53 - 1,
      }),
    ]);
    expect(text).toBe(
      `${columns.map(({ name }) => name).join(",")}\r\n` +
        '1,"a, ""b""\nc",heat_wave,model,analysis,root mean squared error,surface_air_temperature,K,,,,' +
        "1970-01-01T00:00:00Z,1970-01-01T00:00:00.001Z,6,NaN,-0,,,,,9007199254740991,complete," +
        "0123456789abcdef,f,t,0.1.0\r\n",
    );
  });

  test.each(["=1+1", "+1", "-1", "@x", "\tx"])("a text like a formula is quoted: %j", async (case_title) => {
    expect(await written([row({ case_title })])).toContain(`1,'${case_title},`);
  });

  test("numbers below zero are numbers", async () => {
    expect(await written([row({ value: -1.5 })])).toContain(",6,-1.5,");
  });

  test("added columns come last", async () => {
    const lines = (await written([row(), row({ lead_hours: 12, extra: { n_times: 4 } })])).split("\r\n");
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(["n_times", "", "4", ""]);
  });

  test("any order of rows gives the same bytes, and DuckDB reads as many rows", async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    await fc.assert(
      fc.asyncProperty(rowSets, fc.nat(), async (rows, seed) => {
        expect(await written(shuffled(rows, seed))).toBe(await written(rows));
        if (rows.length === 0) return;
        const answer = await connection.runAndReadAll(
          `select count(*) from read_csv('${path}', header = true, all_varchar = true, quote = '"', escape = '"', new_line = '\\r\\n', null_padding = false)`,
        );
        expect(answer.getRowsJS()).toEqual([[BigInt(rows.length)]]);
      }),
      { numRuns: 25 },
    );
    connection.closeSync();
  });

  test("a large table is written in blocks", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => row({ lead_hours: i }));
    const text = await written(rows);
    expect(text.split("\r\n")).toHaveLength(3002);
  });
});
