/** The parts of a Parquet file alone, against the reader of another hand: snappy, runs of small integers, statistics. */
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { snappyUncompress } from "hyparquet/src/snappy.js";
import { describe, expect, test } from "vitest";
import { hybrid, hybridBytes } from "../../src/sinks/parquet/hybrid.ts";
import { Snappy } from "../../src/sinks/parquet/snappy.ts";
import { writeParquet } from "../../src/sinks/parquet/writeParquet.ts";
import { temporaryFolder } from "./folder.ts";
import { row } from "./rows.ts";

const folder = temporaryFolder();

describe("snappy", () => {
  const snappy = new Snappy();
  const through = (bytes: Uint8Array): Uint8Array => {
    const out = new Uint8Array(bytes.length);
    snappyUncompress(snappy.compress(bytes), out);
    return out;
  };

  test("gives back any bytes", () => {
    const repeats = fc
      .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 30 })), { maxLength: 20 })
      .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array(times).fill(bytes))));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), repeats), (bytes) => {
        expect(Buffer.compare(through(bytes), bytes)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([0, 1, 14, 15, 16, 65_535, 65_536, 65_537, 65_550, 65_552, 200_000])("%i bytes", (length) => {
    const texts = Uint8Array.from({ length }, (_, i) => (i % 97) + (i >> 12));
    const zeros = new Uint8Array(length);
    const noise = Uint8Array.from({ length }, (_, i) => Math.imul(i * i + 7, 0x9e3779b1) >>> 13);
    for (const bytes of [texts, zeros, noise]) expect(Buffer.compare(through(bytes), bytes)).toBe(0);
  });

  test("makes repeated bytes small and leaves others as large as they are", () => {
    expect(snappy.compress(new Uint8Array(1 << 19)).length).toBeLessThan((1 << 19) / 20);
    const noise = Uint8Array.from({ length: 100_000 }, (_, i) => Math.imul(i * i + 7, 0x9e3779b1) >>> 13);
    expect(snappy.compress(noise).length).toBeLessThan(100_100);
  });
});

test("runs and packed bits are read back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 20 })), { maxLength: 30 }),
      (bits, runs) => {
        const values = Uint8Array.from(
          runs.flatMap(([value, times]) => Array(times).fill(value & ((1 << bits) - 1))),
        );
        const bytes = new Uint8Array(hybridBytes(values.length, bits));
        const end = hybrid(values, bits, bytes, 0);
        expect(end).toBeLessThanOrEqual(bytes.length);
        const found = new Array<number>(values.length);
        if (bits > 0 && values.length > 0) {
          readRleBitPackedHybrid({ view: new DataView(bytes.buffer, 0, end), offset: 0 }, bits, found, end);
          expect(found).toEqual([...values]);
        }
      },
    ),
    { numRuns: 500 },
  );
});

describe("statistics", () => {
  const path = join(folder, "statistics.parquet");
  const init = Date.UTC(2024, 6, 1);
  const rows = [
    row({ lead_hours: 0, value: Number.NaN, lower: 0, upper: Number.NaN, by: "é", n: 7, level: -2.5 }),
    row({ lead_hours: 6, value: -1.5, lower: null, by: "z", init_time: -1, n: 2 ** 40 }),
    row({ lead_hours: 12, value: 3, lower: 0, by: null, init_time: init, level: Number.NEGATIVE_INFINITY }),
  ];

  test("hyparquet finds nulls, smallest and largest", async () => {
    await writeParquet(path, rows);
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    const of = (name: string) =>
      row_groups[0]!.columns.find(({ meta_data }) => meta_data!.path_in_schema[0] === name)!.meta_data!
        .statistics;
    expect(of("value")).toMatchObject({ null_count: 0n, min_value: -1.5, max_value: 3 });
    expect(of("lower")).toMatchObject({ null_count: 1n, min_value: -0, max_value: 0 });
    expect(of("upper")).toMatchObject({ null_count: 2n });
    expect(of("upper")).not.toHaveProperty("min_value", expect.anything());
    expect(of("level")).toMatchObject({
      null_count: 1n,
      min_value: Number.NEGATIVE_INFINITY,
      max_value: -2.5,
    });
    expect(of("by")).toMatchObject({ null_count: 1n, min_value: "z", max_value: "é" });
    expect(of("init_time")).toMatchObject({
      null_count: 1n,
      min_value: new Date(-1),
      max_value: new Date(init),
    });
    expect(of("n")).toMatchObject({ min_value: 7n, max_value: 2n ** 40n });
    expect(of("case_id")).toMatchObject({ min_value: 1, max_value: 1 });
  });

  test("DuckDB leaves row groups out by them, and finds every row", async () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      row({
        lead_hours: i - 1500,
        value: i % 10 === 0 ? Number.NaN : i,
        init_time: i * 1000 - 1_000_000,
        by: `station=${String.fromCodePoint(0x1f300 + (i % 900))}${i}`,
        n: i,
      }),
    );
    await writeParquet(path, many, {}, { rowGroupRows: 64 });
    const connection = await (await DuckDBInstance.create()).connect();
    for (const [where, count] of [
      ["lead_hours >= -5 and lead_hours < 5", 10],
      ["value >= 1000 and value < 1010", 9],
      ["init_time < to_timestamp(-999)", 1],
      ["n = 2999", 1],
      [`"by" = '${many[1234]!.by}'`, 1],
      [
        `"by" > '${many[2]!.by}'`,
        many.filter(({ by }) => Buffer.compare(Buffer.from(by!), Buffer.from(many[2]!.by!)) > 0).length,
      ],
      ["isnan(value)", 300],
    ] as const) {
      const answer = await connection.runAndReadAll(`select count(*) from '${path}' where ${where}`);
      expect([where, Number(answer.getRowsJS()[0]![0])]).toEqual([where, count]);
    }
    connection.closeSync();
  });
});
