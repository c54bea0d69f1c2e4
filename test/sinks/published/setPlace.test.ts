/** A table that is published again and again as a set of files: whoever reads it reads one version, whole. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Row } from "../../../src/model/row.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import type { PartRule } from "../../../src/sinks/parts/partRule.ts";
import { setPlace } from "../../../src/sinks/published/setPlace.ts";
import { resultTable } from "../../../src/sinks/resultTable.ts";
import { random } from "../../../src/testing/random.ts";
import { temporaryFolder } from "../folder.ts";
import { row, shuffled } from "../rows.ts";

const folder = temporaryFolder();
const anew = () => join(mkdtempSync(join(folder, "set-")), "rows");

const publish = async (path: string, rule: PartRule, rows: readonly Row[], bytes = 1e9, now = Date.now()) => {
  const place = setPlace(path, rule, () => now);
  const table = resultTable(rows, { path, bytes }, rule);
  const before = await place.open();
  try {
    return await place.write(await table.sorted(), place.partsOf(table.parts), {}, before);
  } finally {
    await before?.close();
    table.close();
  }
};

const files = (path: string) => readdirSync(path).sort();
const inode = (path: string) => statSync(path).ino;
const textOf = (rows: readonly Row[]) => rows.map((one) => JSON.stringify(one)).sort();
const day = 86_400_000;
const june = Date.UTC(2024, 5, 30, 18);

test("a file for each case: those that have not changed are the same files, the others have other names", async () => {
  const path = anew();
  await publish(path, "case", [row(), row({ case_id: 2 }), row({ case_id: 10 })]);
  const size = await publish(path, "case", [row(), row({ case_id: 2, value: 7 }), row({ case_id: -3 })]);
  expect(files(path)).toEqual([
    "case--3.v000002.parquet",
    "case-1.v000001.parquet",
    "case-2.v000002.parquet",
  ]);
  expect(size).toBe(files(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0));
  const old = join(`${path}.versions`, "v000001");
  expect(inode(join(path, "case-1.v000001.parquet"))).toBe(inode(join(old, "case-1.v000001.parquet")));
  expect(readlinkSync(path)).toBe(join("rows.versions", "v000002"));
  expect(readFileSync(join(`${path}.versions`, "current"), "utf8")).toBe("v000002\n");
  expect((await readRows(path)).rows.map(({ case_id, value }) => [case_id, value])).toEqual([
    [-3, 1.25],
    [1, 1.25],
    [2, 7],
  ]);
  // Who stays with a version finds it as it was.
  expect((await readRows(old)).rows.map(({ case_id }) => case_id)).toEqual([1, 2, 10]);
});

test("a file for each month of the init, else of the valid time", async () => {
  const path = anew();
  const rows = [
    row({ init_time: june, valid_time: june + day }),
    row({ case_id: 2, init_time: june + day }),
    row({ valid_time: Date.UTC(-5, 0, 1) }),
    row({ case_id: 3 }),
  ];
  await publish(path, "month", rows);
  const first = ".v000001.parquet";
  const names = ["month--000005-01", "month-2024-06", "month-2024-07", "month-none"];
  expect(files(path)).toEqual(names.map((name) => name + first));
  expect((await readRows(path)).rows).toHaveLength(4);
  await publish(path, "month", [...rows, row({ case_id: 9, init_time: june })]);
  expect(files(path).filter((name) => !name.endsWith(first))).toEqual(["month-2024-06.v000002.parquet"]);
});

test("any changes, one after the other, give the rows that were published last", async () => {
  const change = fc.record({ id: fc.integer({ min: 1, max: 6 }), count: fc.nat(4), value: fc.nat(2) });
  const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 });
  const rules = fc.constantFrom<PartRule[]>("case", "month");
  await fc.assert(
    fc.asyncProperty(
      changes,
      rules,
      fc.constantFrom(500, 1e9),
      fc.nat(),
      async (turns, rule, bytes, seed) => {
        const path = anew();
        const cases = new Map([[9, [row({ case_id: 9 })]]]);
        for (const turn of turns) {
          for (const { id, count, value } of turn) {
            const of = (i: number) => row({ case_id: id, init_time: june + i * 20 * day, value });
            cases.set(
              id,
              Array.from({ length: count }, (_, i) => of(i)),
            );
          }
          const rows = [...cases.values()].flat();
          await publish(path, rule, shuffled(rows, seed), bytes);
          expect(textOf((await readRows(path)).rows)).toEqual(textOf(rows));
        }
      },
    ),
    { numRuns: 12 },
  );
});

test("what a killed process has left is no part of any version, and the link is set right", async () => {
  const path = anew();
  await publish(path, "case", [row()]);
  const next = join(`${path}.versions`, "v000002");
  mkdirSync(next);
  writeFileSync(join(next, "case-1.v000002.parquet"), "half");
  writeFileSync(join(next, "case-7.v000002.parquet"), "half");
  rmSync(path);
  expect((await setPlace(path, "case", Date.now).open())!.parts).toHaveLength(1);
  expect(files(path)).toEqual(["case-1.v000001.parquet"]);
  await publish(path, "case", [row({ value: 3 })]);
  expect((await readRows(path)).rows.map(({ value }) => value)).toEqual([3]);
});

test("what says which version counts may be lost: no version is, and the next is written of nothing", async () => {
  const path = anew();
  await publish(path, "case", [row()]);
  await publish(path, "case", [row({ value: 3 })]);
  const beside = `${path}.versions`;
  rmSync(join(beside, "current"));
  await publish(path, "case", [row({ value: 4 })]);
  expect(readdirSync(beside).filter((name) => /^v\d+$/.test(name))).toHaveLength(3);
  writeFileSync(join(beside, "v000003.json"), "{");
  await publish(path, "case", [row({ value: 4 })]);
  expect(files(path)).toEqual(["case-1.v000004.parquet"]);
  expect((await readRows(path)).rows.map(({ value }) => value)).toEqual([4]);
});

test("a file that is gone or cut short is written anew; a folder of another kind is refused by name", async () => {
  const path = anew();
  await publish(path, "case", [row(), row({ case_id: 2 }), row({ case_id: 3 })]);
  rmSync(join(path, "case-1.v000001.parquet"));
  writeFileSync(join(path, "case-2.v000001.parquet"), "PAR1");
  await publish(path, "case", [row(), row({ case_id: 2 }), row({ case_id: 3 }), row({ case_id: 4 })]);
  expect((await readRows(path)).rows).toHaveLength(4);
  expect(files(path)).toContain("case-3.v000001.parquet");

  const other = anew();
  mkdirSync(other);
  expect(() => setPlace(other, "case", Date.now)).toThrow(/rows: a folder has this name/);
});

test("versions are removed ten minutes after another took their place, but for the one before", async () => {
  const path = anew();
  const at = Date.now();
  for (let value = 0; value < 4; value++) await publish(path, "case", [row({ value })], 1e9, at);
  const names = () =>
    readdirSync(`${path}.versions`)
      .filter((name) => !name.endsWith(".json"))
      .sort();
  expect(names()).toEqual(["current", "v000001", "v000002", "v000003", "v000004"]);
  await publish(path, "case", [row({ value: 9 })], 1e9, at + 3_600_000);
  expect(names()).toEqual(["current", "v000004", "v000005"]);
});

test("a name that one version has is in the next the same file, or none", async () => {
  const path = anew();
  const place = (rule: PartRule) => `${path}-${rule}`;
  for (const rule of ["case", "month"] as const) {
    const rows = [row({ init_time: june }), row({ case_id: 2 }), row({ case_id: 3, init_time: june + day })];
    await publish(place(rule), rule, rows);
    const listed = new Map(files(place(rule)).map((name) => [name, readFileSync(join(place(rule), name))]));
    await publish(place(rule), rule, [{ ...rows[0]!, value: 9 }, rows[1]!, row({ case_id: 4 })]);
    const found = [...listed].filter(([name]) => files(place(rule)).includes(name));
    for (const [name, bytes] of found) expect(readFileSync(join(place(rule), name)).equals(bytes)).toBe(true);
    expect(found.length).toBeLessThan(listed.size);
  }
});

test("who lists and then opens finds one version, whole, or misses a file; who stays with one misses none", async () => {
  const path = anew();
  const next = random(7);
  // What one case gets another loses: of all rows together the values are always 100.
  let rows = Array.from({ length: 8 }, (_, i) => row({ case_id: i, value: i === 0 ? 100 : 0 }));
  await publish(path, "case", rows);
  const seen = { whole: 0, stayed: 0 };
  let isOver = false;
  const sum = async (place: string) => {
    const names = (await readdir(place)).filter((name) => name.endsWith(".parquet"));
    let total = 0;
    for (const name of names)
      for (const { value } of (await readRows(join(place, name))).rows) total += value;
    return total;
  };
  const connection = await (await DuckDBInstance.create()).connect();
  const duck = async (place: string): Promise<number> => {
    const answer = await connection.runAndReadAll(`select sum(value)::double from '${place}/*.parquet'`);
    return Number(answer.getRowsJS()[0]![0]);
  };
  const current = () =>
    join(`${path}.versions`, readFileSync(join(`${path}.versions`, "current"), "utf8").trim());
  const readers = [sum, duck].map(async (read) => {
    while (!isOver) {
      const total = await read(path).catch((error) => {
        expect(String(error)).toMatch(/could not read|No such file|No files found/);
      });
      expect([100, undefined]).toContain(total);
      if (total === 100) seen.whole += 1;
      expect(await read(current())).toBe(100);
      seen.stayed += 1;
    }
  });
  for (let turn = 0; turn < 15; turn++) {
    const drawn = () => Math.floor(next() * rows.length);
    const [from, to, parent] = [drawn(), drawn(), drawn()];
    const part = rows[from]!.value / 2;
    const gain = (i: number) => (i === to ? part : 0) - (i === from ? part : 0);
    rows = rows.map((one, i) => ({ ...one, value: one.value + gain(i) }));
    // One case becomes two.
    if (turn % 3 === 0) {
      const value = rows[parent]!.value / 2;
      rows[parent] = { ...rows[parent]!, value };
      rows.push(row({ case_id: 100 + turn, value }));
    }
    await publish(path, "case", rows);
  }
  isOver = true;
  await Promise.all(readers);
  connection.closeSync();
  expect(seen.whole).toBeGreaterThan(3);
  expect(seen.stayed).toBeGreaterThan(3);
});
