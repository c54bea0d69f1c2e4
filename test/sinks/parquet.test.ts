import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Row } from "../../src/model/row.ts";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { writeFailures, writeGaps, writeParquet } from "../../src/sinks/parquet/writeParquet.ts";
import { temporaryFolder } from "./folder.ts";
import { row, rowSets, shuffled } from "./rows.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);

const init = Date.UTC(2024, 6, 1, 12);
const varied: Row[] = [
  row({ lead_hours: 0, value: Number.NaN, n: 0 }),
  row({ lead_hours: 6, value: -0, n: Number.MAX_SAFE_INTEGER, level: 850.5, lower: Number.NaN }),
  row({
    lead_hours: 6.5,
    value: Number.NEGATIVE_INFINITY,
    by: "station=Zürich",
    extra: { n_times: 7, b: 0.1 },
  }),
  row({ lead_hours: null, init_time: init, valid_time: init + 1, value: 1e-300 }),
  row({ case_id: 2, init_time: -1, reference: "climatology", upper: 3, status: "partial" }),
];

const duck = async (sql: string) => {
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(sql);
  const answer = {
    names: result.columnNames(),
    types: result.columnTypes().map(String),
    rows: result.getRowsJS(),
  };
  connection.closeSync();
  return answer;
};

const lite = async (file: string) => {
  // It has no types. Timestamps are integers there: it knows the older converted types only.
  const { default: parquetjs } = await import("parquetjs-lite" as string);
  const reader = await parquetjs.ParquetReader.openFile(file);
  const records: Record<string, unknown>[] = [];
  const cursor = reader.getCursor();
  for (let record = await cursor.next(); record; record = await cursor.next()) records.push({ ...record });
  const metadata = reader.getMetadata();
  await reader.close();
  return { records, metadata };
};

describe("writeParquet", () => {
  test("DuckDB reads types and values", async () => {
    await writeParquet(path("duck.parquet"), varied, { pipeline: "heatwave.ts", a: "ü" });
    const { names, types, rows } = await duck(`select * from '${path("duck.parquet")}'`);
    expect(Object.fromEntries(names.map((name, i) => [name, types[i]]))).toMatchObject({
      case_id: "INTEGER",
      case_title: "VARCHAR",
      level: "DOUBLE",
      init_time: "TIMESTAMP WITH TIME ZONE",
      valid_time: "TIMESTAMP WITH TIME ZONE",
      lead_hours: "DOUBLE",
      value: "DOUBLE",
      n: "BIGINT",
      b: "DOUBLE",
      n_times: "BIGINT",
    });
    const get = (name: string) => rows.map((cells) => cells[names.indexOf(name)]);
    expect(get("case_id")).toEqual([1, 1, 1, 1, 2]);
    expect(get("value")).toContainEqual(Number.NaN);
    expect(get("value")).toContainEqual(-0);
    expect(get("value")).toContain(Number.NEGATIVE_INFINITY);
    expect(get("n")).toContain(BigInt(Number.MAX_SAFE_INTEGER));
    expect(get("by")).toContain("station=Zürich");
    expect(get("init_time").filter((cell) => cell !== null)).toEqual(
      expect.arrayContaining([new Date(init), new Date(-1)]),
    );
    expect(get("n_times").filter((cell) => cell !== null)).toEqual([7n]);
    const counts = await duck(
      `select count(*), count(lower), count(*) filter (isnan(value)), count(init_time) from '${path("duck.parquet")}'`,
    );
    expect(counts.rows).toEqual([[5n, 1n, 1n, 2n]]);
    const keys = await duck(
      `select decode(key), decode(value) from parquet_kv_metadata('${path("duck.parquet")}') order by 1`,
    );
    expect(keys.rows).toEqual([
      ["a", "ü"],
      ["pipeline", "heatwave.ts"],
    ]);
  });

  test("DuckDB finds dictionary texts, snappy and logical types", async () => {
    await writeParquet(path("meta.parquet"), varied);
    const { rows } = await duck(
      `select path_in_schema, compression, encodings from parquet_metadata('${path("meta.parquet")}')`,
    );
    expect(new Set(rows.map((cells) => cells[1]))).toEqual(new Set(["SNAPPY"]));
    expect(rows.find((cells) => cells[0] === "metric")![2]).toContain("PLAIN_DICTIONARY");
    const schema = await duck(
      `select name, logical_type, repetition_type from parquet_schema('${path("meta.parquet")}')`,
    );
    expect(schema.rows.find((cells) => cells[0] === "init_time")!.slice(1)).toEqual([
      expect.stringMatching(/Timestamp.*isAdjustedToUTC=1.*MILLIS/),
      "OPTIONAL",
    ]);
    expect(schema.rows.find((cells) => cells[0] === "value")![2]).toBe("REQUIRED");
  });

  test("parquetjs-lite reads types and values", async () => {
    await writeParquet(path("lite.parquet"), varied, { pipeline: "heatwave.ts" });
    const { records, metadata } = await lite(path("lite.parquet"));
    expect(metadata).toMatchObject({ pipeline: "heatwave.ts" });
    expect(records).toHaveLength(5);
    const { rows } = await readRows(path("lite.parquet"));
    for (const [i, record] of records.entries()) {
      const { extra, ...expected } = rows[i]!;
      for (const [name, cell] of Object.entries({ ...expected, ...extra })) {
        const found = record[name] ?? null;
        const plain = typeof found === "bigint" ? Number(found) : found;
        expect([name, plain]).toEqual([name, cell]);
      }
    }
  });

  test("all readers agree on many rows in several row groups", async () => {
    const many = Array.from({ length: 2500 }, (_, i) =>
      row({
        case_id: 1 + (i % 3),
        forecast: `model ${i % 300}`,
        by: i % 7 === 0 ? null : `station=${i % 1200 < 600 ? "same" : i}`,
        lead_hours: Math.floor(i / 300) * 6,
        init_time: i % 2 === 0 ? null : init + i * 3_600_000,
        value: i % 11 === 0 ? Number.NaN : i / 7,
        n: i,
      }),
    );
    await writeParquet(path("many.parquet"), many, {}, { rowGroupRows: 1000 });
    const { rows } = await readRows(path("many.parquet"));
    expect(rows).toHaveLength(2500);
    const { records } = await lite(path("many.parquet"));
    const own = rows.map(({ forecast, by, lead_hours, init_time, value, n }) => ({
      forecast,
      by,
      lead_hours,
      init_time,
      value,
      n,
    }));
    expect(
      records.map(({ forecast, by, lead_hours, init_time, value, n }) => ({
        forecast,
        by: by ?? null,
        lead_hours,
        init_time: typeof init_time === "bigint" ? Number(init_time) : null,
        value,
        n: Number(n),
      })),
    ).toEqual(own);
    const duckRows = await duck(
      `select forecast, "by", lead_hours, epoch_ms(init_time), value, n from '${path("many.parquet")}'`,
    );
    expect(
      duckRows.rows.map(([forecast, by, lead_hours, init_time, value, n]) => ({
        forecast,
        by,
        lead_hours,
        init_time: init_time === null ? null : Number(init_time),
        value,
        n: Number(n),
      })),
    ).toEqual(own);
    const groups = await duck(
      `select count(distinct row_group_id) from parquet_metadata('${path("many.parquet")}')`,
    );
    expect(groups.rows).toEqual([[3n]]);
  });

  test("more texts than a dictionary takes, each many times, reach every reader", async () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      row({ forecast: `model ${1000 + Math.floor(i / 10)}`, lead_hours: i % 10 }),
    );
    await writeParquet(path("texts.parquet"), many);
    const forecasts = many.map(({ forecast }) => forecast);
    expect((await readRows(path("texts.parquet"))).rows.map(({ forecast }) => forecast)).toEqual(forecasts);
    expect((await lite(path("texts.parquet"))).records.map(({ forecast }) => forecast)).toEqual(forecasts);
    const { rows } = await duck(`select forecast from '${path("texts.parquet")}'`);
    expect(rows.flat()).toEqual(forecasts);
  });

  test("an empty table has its columns", async () => {
    await writeParquet(path("empty.parquet"), []);
    expect(await readRows(path("empty.parquet"))).toEqual({ rows: [], metadata: {} });
    const { names, rows } = await duck(`select * from '${path("empty.parquet")}'`);
    expect([names.length, rows.length]).toEqual([26, 0]);
    expect((await lite(path("empty.parquet"))).records).toEqual([]);
  });

  test("any order of rows gives the same bytes", async () => {
    await fc.assert(
      fc.asyncProperty(rowSets, fc.nat(), async (rows, seed) => {
        await writeParquet(path("one.parquet"), rows, { b: "2", a: "1" });
        await writeParquet(path("two.parquet"), [...shuffled(rows, seed), ...rows.slice(0, 3)], {
          a: "1",
          b: "2",
        });
        expect(readFileSync(path("two.parquet")).equals(readFileSync(path("one.parquet")))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("the bits of a computed NaN are not written", async () => {
    const negative = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
    await writeParquet(path("one.parquet"), [row({ value: Number.NaN, lower: Number.NaN })]);
    await writeParquet(path("two.parquet"), [row({ value: negative, lower: negative })]);
    expect(readFileSync(path("two.parquet")).equals(readFileSync(path("one.parquet")))).toBe(true);
  });

  test("what is written is read back", async () => {
    await fc.assert(
      fc.asyncProperty(rowSets, async (rows) => {
        await writeParquet(path("round.parquet"), rows, { text: "x" });
        const read = await readRows(path("round.parquet"));
        const sort = (list: readonly Row[]) => list.map((some) => JSON.stringify(bits(some))).sort();
        expect(sort(read.rows)).toEqual(sort(rows));
        expect(read.metadata).toEqual({ text: "x" });
      }),
      { numRuns: 60 },
    );
  });

  test("failures and gaps", async () => {
    await writeFailures(path("failures.parquet"), [
      {
        case_id: null,
        forecast: null,
        target: null,
        source: "s",
        key: null,
        stage: "cases",
        tag: "Cases",
        message: "m",
      },
    ]);
    await writeGaps(path("gaps.parquet"), [
      { case_id: 3, forecast: "a", target: "t", source: "s", what: "leads beyond 168 h", units: 12 },
    ]);
    expect((await duck(`select * from '${path("failures.parquet")}'`)).rows).toEqual([
      [null, null, null, "s", null, "cases", "Cases", "m"],
    ]);
    expect((await duck(`select * from '${path("gaps.parquet")}'`)).rows).toEqual([
      [3, "a", "t", "s", "leads beyond 168 h", 12n],
    ]);
  });
});

/** Fields in one order, with signed zeros, NaN and infinities told apart. */
const bits = (some: Row): unknown =>
  Object.entries({ ...some, ...some.extra, extra: null })
    .map(([name, cell]) => [
      name,
      typeof cell === "number" ? (Object.is(cell, -0) ? "-0" : String(cell)) : cell,
    ])
    .sort();

describe("a write that fails", () => {
  afterEach(() => vi.restoreAllMocks());

  const failing = async (method: "write" | "sync", code: string, after = 0) => {
    const handle = await open(join(folder, "probe"), "w");
    const prototype: FileHandle = Object.getPrototypeOf(handle);
    await handle.close();
    const real = prototype[method] as (...args: unknown[]) => Promise<unknown>;
    let calls = 0;
    vi.spyOn(prototype, method as "write").mockImplementation(function (
      this: FileHandle,
      ...args: unknown[]
    ) {
      if (calls++ < after) return real.apply(this, args) as never;
      return Promise.reject(Object.assign(new Error(`${code}: refused, ${method}`), { code })) as never;
    });
  };
  const others = () => readdirSync(folder).filter((name) => name.includes(".part"));
  const rows = Array.from({ length: 50 }, (_, i) => row({ lead_hours: i }));

  test.each([
    ["write", "ENOSPC", 0, /disk is full/],
    ["write", "ENOSPC", 2, /disk is full/],
    ["write", "EDQUOT", 0, /quota/],
    ["sync", "EIO", 0, /EIO: refused/],
  ] as const)(
    "%s %s after %i calls leaves the old table and nothing else",
    async (method, code, after, message) => {
      await writeParquet(path("kept.parquet"), [row()]);
      const before = readFileSync(path("kept.parquet"));
      await failing(method, code, after);
      await expect(writeParquet(path("kept.parquet"), rows, {}, { rowGroupRows: 10 })).rejects.toMatchObject({
        tag: "Write",
        message: expect.stringMatching(message),
        place: { source: path("kept.parquet") },
      });
      expect(readFileSync(path("kept.parquet")).equals(before)).toBe(true);
      expect(others()).toEqual([]);
    },
  );

  test("while a table is written the old one stands", async () => {
    await writeParquet(path("kept.parquet"), [row()]);
    const before = readFileSync(path("kept.parquet"));
    const handle = await open(join(folder, "probe"), "w");
    const prototype: FileHandle = Object.getPrototypeOf(handle);
    await handle.close();
    const seen: boolean[] = [];
    const real = prototype.sync;
    vi.spyOn(prototype, "sync").mockImplementation(function (this: FileHandle) {
      seen.push(readFileSync(path("kept.parquet")).equals(before) && others().length === 1);
      return real.apply(this);
    });
    await writeParquet(path("kept.parquet"), rows);
    expect(seen[0]).toBe(true);
    expect(readFileSync(path("kept.parquet")).equals(before)).toBe(false);
    expect(others()).toEqual([]);
  });

  test("a process killed before the table is whole leaves the old one", async () => {
    await writeParquet(path("kept.parquet"), [row()]);
    const before = readFileSync(path("kept.parquet"));
    const sources = join(import.meta.dirname, "..", "..", "src", "sinks", "parquet", "writeParquet.ts");
    writeFileSync(
      path("killed.mts"),
      `import { open } from "node:fs/promises";
       import { writeParquet } from ${JSON.stringify(sources)};
       const handle = await open(import.meta.filename ?? ${JSON.stringify(path("killed.mts"))});
       Object.getPrototypeOf(handle).sync = () => process.kill(process.pid, "SIGKILL");
       await writeParquet(${JSON.stringify(path("kept.parquet"))}, ${JSON.stringify(rows)});`,
    );
    const jiti = join(import.meta.dirname, "..", "..", "node_modules", "jiti", "lib", "jiti-cli.mjs");
    const child = spawnSync(process.execPath, [jiti, path("killed.mts")], { encoding: "utf8" });
    expect([child.signal, child.stderr]).toEqual(["SIGKILL", ""]);
    expect(readFileSync(path("kept.parquet")).equals(before)).toBe(true);
    expect(others()).toHaveLength(1);
    await writeParquet(path("kept.parquet"), rows);
    expect((await readRows(path("kept.parquet"))).rows).toHaveLength(50);
    for (const name of others()) rmSync(path(name));
  });

  test("rows that are refused leave the old table", async () => {
    await writeParquet(path("kept.parquet"), [row()]);
    const before = readFileSync(path("kept.parquet"));
    await expect(writeParquet(path("kept.parquet"), [row(), row({ value: 3 })])).rejects.toMatchObject({
      tag: "DuplicateRow",
    });
    expect(readFileSync(path("kept.parquet")).equals(before)).toBe(true);
  });

  test("a folder that is a file is named", async () => {
    writeFileSync(path("file"), "");
    await expect(writeParquet(path("file/a.parquet"), [row()])).rejects.toMatchObject({ tag: "Write" });
  });
});

describe("readRows", () => {
  test("says what is wrong with a file", async () => {
    await expect(readRows(path("none.parquet"))).rejects.toMatchObject({ tag: "StoreRead" });
    writeFileSync(path("text.parquet"), "no parquet at all");
    await expect(readRows(path("text.parquet"))).rejects.toMatchObject({
      tag: "StoreRead",
      message: expect.stringContaining("expected a Parquet file"),
    });
    await writeGaps(path("gaps.parquet"), [
      { case_id: 3, forecast: "a", target: "t", source: "s", what: "w", units: 12 },
    ]);
    await expect(readRows(path("gaps.parquet"))).rejects.toMatchObject({
      tag: "MetadataInvalid",
      message: expect.stringContaining("lacks the columns case_title"),
    });
  });

  test("reads what DuckDB has rewritten with another codec", async () => {
    await writeParquet(path("a.parquet"), varied);
    await duck(
      `copy (select * from '${path("a.parquet")}') to '${path("b.parquet")}' (format parquet, compression zstd)`,
    );
    expect((await readRows(path("b.parquet"))).rows).toEqual((await readRows(path("a.parquet"))).rows);
  });
});
