/** A table that is published again and again as one file: what is copied is what would be written. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Row } from "../../../src/model/row.ts";
import { FileInParts } from "../../../src/sinks/parquet/fileInParts.ts";
import { partsKey, partsText } from "../../../src/sinks/parquet/partsText.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import { writeParquet } from "../../../src/sinks/parquet/writeParquet.ts";
import { filePlace } from "../../../src/sinks/published/filePlace.ts";
import { resultTable } from "../../../src/sinks/resultTable.ts";
import { temporaryFolder } from "../folder.ts";
import { row, shuffled } from "../rows.ts";

const folder = temporaryFolder();
let number = 0;
const anew = () => {
  const own = join(folder, `${++number}`);
  mkdirSync(own);
  return join(own, "rows.parquet");
};

/** Publishes rows, of which so many bytes are in memory at once. */
const publish = async (path: string, rows: readonly Row[], bytes = 1e9, metadata = {}): Promise<Buffer> => {
  const place = filePlace(path);
  const table = resultTable(rows, { path, bytes }, place.rule);
  const before = await place.open();
  await place.write(await table.sorted(), place.partsOf(table.parts), metadata, before);
  await before?.close();
  table.close();
  return readFileSync(path);
};

const caseRows = (id: number, count: number, more: (i: number) => Partial<Row> = () => ({})): Row[] =>
  Array.from({ length: count }, (_, i) =>
    row({
      case_id: id,
      init_time: i % 5 === 0 ? null : Date.UTC(2024, 5, 1) + i * 3_600_000,
      lead_hours: i,
      by: i % 3 === 0 ? null : `station=${i % 700}`,
      value: i % 11 === 0 ? Number.NaN : id + i / 7,
      ...more(i),
    }),
  );

/** Offsets of the parts in a file, by the first of their cases. */
const partsIn = async (path: string) => {
  const file = (await FileInParts.open(path))!;
  const { parts } = file;
  await file.close();
  return parts;
};

/** Turns one byte of a part in place. */
const damage = async (path: string, part: number, where = 0.5): Promise<void> => {
  const parts = await partsIn(path);
  const start = parts.slice(0, part).reduce((sum, { size }) => sum + size, 4);
  const bytes = readFileSync(path);
  bytes[start + Math.floor(parts[part]!.size * where)]! ^= 0x10;
  writeFileSync(path, bytes);
};

test("any changes, one after the other, give the file that would be written of nothing", async () => {
  const ids = fc.integer({ min: -40, max: 90 });
  const change = fc.record({
    id: ids,
    count: fc.constantFrom(0, 1, 3, 40, 150),
    revision: fc.nat(3),
    hasExtra: fc.boolean(),
  });
  const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(changes, fc.constantFrom(12_000, 1e9), fc.nat(), async (turns, bytes, seed) => {
      const path = anew();
      const cases = new Map<number, Row[]>();
      for (const turn of turns) {
        for (const { id, count, revision, hasExtra } of turn) {
          const more = (i: number) => ({
            n: revision,
            ...(hasExtra && i % 2 === 0 ? { extra: { n_times: i, share: i / 3 } } : {}),
          });
          if (count === 0) cases.delete(id);
          else cases.set(id, caseRows(id, count, more));
        }
        const rows = [...cases.values()].flat();
        const found = await publish(path, shuffled(rows, seed), bytes);
        const fresh = anew();
        expect(found.equals(await publish(fresh, rows))).toBe(true);
        const plain = anew();
        await writeParquet(plain, rows);
        expect((await readRows(path)).rows).toEqual((await readRows(plain)).rows);
      }
    }),
    { numRuns: 12 },
  );
});

test("what has not changed is copied, not written: a byte of it that was turned is found, and written anew", async () => {
  const path = anew();
  const rows = [1, 40, 80].flatMap((id) => caseRows(id, 1000));
  await publish(path, rows);
  const marked = readFileSync(path);
  const [first, , last] = await partsIn(path);
  const now = [...caseRows(1, 1000), ...caseRows(40, 900), ...caseRows(80, 1000)];
  const wanted = await publish(anew(), now);
  expect((await publish(path, now)).equals(wanted)).toBe(true);
  const parts = await partsIn(path);
  expect(parts[0]).toEqual(first);
  expect(parts[2]).toEqual(last);

  // One more byte than was said: the part is written anew, and the file is what it should be.
  writeFileSync(path, marked);
  for (const part of [0, 2]) await damage(path, part);
  expect((await publish(path, now)).equals(wanted)).toBe(true);
});

test("a part whose bytes were turned has no rows, wherever they were; the others have theirs", async () => {
  const path = anew();
  const rows = [1, 40].flatMap((id) => caseRows(id, 1000));
  await publish(path, rows);
  const marked = readFileSync(path);
  const rowsIn = async () => {
    const file = (await FileInParts.open(path))!;
    const counts: number[] = [];
    for (const part of file.parts) {
      let count = 0;
      for await (const { length } of file.blocks(part)) count += length;
      counts.push(count);
    }
    await file.close();
    return [...counts, file.isDamaged];
  };
  expect(await rowsIn()).toEqual([1000, 1000, false]);
  for (const where of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    writeFileSync(path, marked);
    await damage(path, 1, where);
    expect(await rowsIn()).toEqual([1000, 0, true]);
  }
  // What another program has made of it, with what was said of parts that are no more: one part.
  const [parts, other] = [await partsIn(path), anew()];
  const text = partsText({ columns: [], parts, described: 0 });
  await writeParquet(other, rows.slice(0, 1500), { [partsKey]: text });
  writeFileSync(path, readFileSync(other));
  expect(await rowsIn()).toEqual([1500, false]);
  const bytes = readFileSync(path);
  bytes.fill(0xff, 10, 2000);
  writeFileSync(path, bytes);
  expect(await rowsIn()).toEqual([0, true]);
});

test("a byte that was turned in what the file says of its row groups is in no other file", async () => {
  const path = anew();
  const rows = [1, 40, 80].flatMap((id) => caseRows(id, 100));
  const marked = await publish(path, rows);
  const now = [...caseRows(1, 100), ...caseRows(40, 90), ...caseRows(80, 100)];
  const wanted = await publish(anew(), now);
  const end = (await partsIn(path)).reduce((sum, { size }) => sum + size, 4);
  for (const at of [826, 1021, 1515, 1840]) {
    const bytes = Buffer.from(marked);
    bytes[end + at]! ^= 0x04;
    writeFileSync(path, bytes);
    expect((await publish(path, now)).equals(wanted)).toBe(true);
  }
});

test("a table whose rows are the same is copied whole, whatever order they come in and wherever they are held", async () => {
  const path = anew();
  const rows = [1, 2, 3, 70].flatMap((id) => caseRows(id, 500));
  const before = await publish(path, rows);
  const copied = new Set<number>();
  const file = (await FileInParts.open(path))!;
  const described = file.described.bind(file);
  file.described = (parts, offset) => {
    for (const { from } of parts) copied.add(from);
    return described(parts, offset);
  };
  const table = resultTable(shuffled(rows, 3), { path, bytes: 20_000 }, "case");
  const place = filePlace(path);
  await place.write(await table.sorted(), place.partsOf(table.parts), {}, file);
  table.close();
  await file.close();
  expect([...copied]).toEqual([1, 70]);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test("a table that another program has written, or that has other columns, is written anew", async () => {
  const path = anew();
  const rows = caseRows(1, 100);
  await writeParquet(path, rows);
  const fresh = await publish(anew(), rows);
  expect((await publish(path, rows)).equals(fresh)).toBe(true);
  const wide = caseRows(2, 10, () => ({ extra: { a: 1 } }));
  const wanted = await publish(anew(), [...rows, ...wide]);
  expect((await publish(path, [...rows, ...wide])).equals(wanted)).toBe(true);
  writeFileSync(path, "PAR1 no table PAR1");
  expect((await publish(path, rows)).equals(fresh)).toBe(true);
});

test("a case of many rows is several row groups", async () => {
  const path = anew();
  const many = caseRows(1, 33_000, (i) => ({ by: `station=${i % 300}` }));
  await publish(path, [...many, ...caseRows(2, 10)]);
  const rows = [...many, ...caseRows(2, 20), ...caseRows(3, 5)];
  expect((await publish(path, rows, 4e6)).equals(await publish(anew(), rows))).toBe(true);
  expect((await partsIn(path)).map(({ groups, stored }) => [groups, stored])).toEqual([
    [3, 33_000],
    [1, 25],
  ]);
});

test("every reader reads a copied file", async () => {
  const path = anew();
  await publish(
    path,
    [1, 40].flatMap((id) => caseRows(id, 300)),
  );
  await publish(path, [...caseRows(1, 310), ...caseRows(40, 300), ...caseRows(77, 5)]);
  const { rows: own } = await readRows(path);
  expect(own).toHaveLength(615);

  const connection = await (await DuckDBInstance.create()).connect();
  const answer = await connection.runAndReadAll(`select case_id, "by", lead_hours, value from '${path}'`);
  const groups = await connection.runAndReadAll(
    `select distinct row_group_id, row_group_num_rows from parquet_metadata('${path}') order by 1`,
  );
  connection.closeSync();
  const cells = own.map(({ case_id, by, lead_hours, value }) => [case_id, by, lead_hours, value]);
  expect(answer.getRowsJS()).toEqual(cells);
  expect(groups.getRowsJS().map(([, count]) => Number(count))).toEqual([310, 300, 5]);

  const { default: parquetjs } = await import("parquetjs-lite" as string);
  const reader = await parquetjs.ParquetReader.openFile(path);
  const cursor = reader.getCursor(["case_id", "by", "lead_hours", "value"]);
  const records: unknown[] = [];
  for (let record = await cursor.next(); record; record = await cursor.next())
    records.push([record.case_id, record.by ?? null, record.lead_hours, record.value]);
  await reader.close();
  expect(records).toEqual(cells);
});

test("what is in memory does not grow with the rows of the table", async () => {
  const path = anew();
  const held = async (cases: number) => {
    const rows = Array.from({ length: cases }, (_, id) => caseRows(id, 300)).flat();
    const table = resultTable(rows, { path, bytes: 200_000 }, "case");
    const place = filePlace(path);
    await place.write(await table.sorted(), place.partsOf(table.parts), {}, undefined);
    table.close();
    return table.bytes;
  };
  // A block that is given out has 65,536 rows at most.
  expect((await held(80)) - (await held(20))).toBeLessThan(60 * 300 * 160 + 300_000);
});
