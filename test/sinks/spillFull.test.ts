/** Rows that are put aside on a disk that is full: one clear error, and what was there before is unchanged. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { writeParquet } from "../../src/sinks/parquet/writeParquet.ts";
import { resultTable } from "../../src/sinks/resultTable.ts";
import { temporaryFolder } from "./folder.ts";
import { row } from "./rows.ts";

const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (file: number, bytes: Uint8Array, from: number, length: number, at: number) => {
    if (at + length <= disk.room) return fs.writeSync(file, bytes, from, length, at);
    // As the system does: what still fits is written, then nothing.
    const left = disk.room - at;
    if (left > 0) return fs.writeSync(file, bytes, from, left, at);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  return { ...fs, default: { ...fs, writeSync }, writeSync };
});

const folder = temporaryFolder();
const path = join(folder, "a.parquet");
const rows = Array.from({ length: 5000 }, (_, i) => row({ lead_hours: i, value: i / 7 }));

beforeEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
});

test.each([0, 1000, 10_001])("with %i bytes left", async (room) => {
  await writeParquet(path, [row()]);
  const before = readFileSync(path);
  disk.room = room;
  const table = resultTable([], { path, bytes: 20_000 });
  const add = () => {
    for (const one of rows) table.add(one);
  };
  expect(add).toThrow(
    expect.objectContaining({
      tag: "Write",
      message: expect.stringMatching(/could not write .*a\.parquet: the disk is full.*unchanged/),
    }),
  );
  table.close();
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(["a.parquet"]);
});

test("while runs are merged to fewer ones", async () => {
  const table = resultTable(rows, { path, bytes: 20_000 });
  disk.room = 120_000;
  await expect(writeParquet(path, table)).rejects.toMatchObject({ tag: "Write" });
  table.close();
  expect(readdirSync(folder)).toEqual(["a.parquet"]);
});
