/** Which chunks hold any value, as reads tell it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Window } from "../../../src/model/grid.ts";
import type { OpenGrid, ReadOptions } from "../../../src/model/openSource.ts";
import type { Source } from "../../../src/model/source.ts";
import { forecastSource, GrowingStore } from "../watch/growing.ts";
import { openTestGrid, wholeWindow } from "./openTest.ts";

let folder: string;
let store: GrowingStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ewb-filled-"));
  store = new GrowingStore(join(folder, "a.zarr"));
  store.write({ inits: 1, leads: 1 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const opened = (more: Partial<Source> = {}) => openTestGrid(forecastSource(store.folder, more));
const variables = ["surface_air_temperature"];
const filled = async (grid: OpenGrid, window: Window, options: ReadOptions = { tellFilled: true }) => {
  await grid.check(variables);
  const [ref] = grid.times.kind === "forecast" ? [...grid.times.refs(-Infinity, Infinity)] : [];
  const reading = await grid.read(ref!.slot, variables, window, options);
  return reading.filled && [...reading.filled].map((id) => id.split("/t2m/")[1]);
};
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const nothing = Array<number>(12).fill(Number.NaN);

test("those with one value in the window, whichever way they are read", async () => {
  const memory = { float32: (n: number) => new Float32Array(n), float64: (n: number) => new Float64Array(n) };
  const shared = { tellFilled: true, memory: { ...memory, free() {} } as never };
  store.put("t2m/0.0.0.0", floats(...nothing.with(11, 280)));
  store.put("t2m/0.0.0.1", floats(...nothing));
  const grid = await opened();
  const left = (start: number, stop: number) => ({ rows: { start, stop }, columns: [{ start: 0, stop: 3 }] });
  for (const options of [{ tellFilled: true }, shared]) {
    expect(await filled(grid, wholeWindow(grid), options)).toEqual(["0.0.0.0"]);
    expect(await filled(grid, left(3, 4), options)).toEqual(["0.0.0.0"]);
    expect(await filled(grid, left(0, 4), options)).toEqual(["0.0.0.0"]);
    expect(await filled(grid, left(0, 3), options)).toEqual([]);
  }
  expect(await filled(grid, wholeWindow(grid), {})).toBeUndefined();
  // Where what is absent is meant so, what is blank is, too.
  const meant = await opened({ absent: "fill" });
  expect(await filled(meant, wholeWindow(meant))).toBeUndefined();
});

test("of each member by itself, though their mean hides one that is blank", async () => {
  const more = { compressor: null, filters: null, order: "C", fill_value: "NaN", zarr_format: 2 };
  store.put("number/.zarray", { shape: [3], chunks: [3], dtype: "<f8", ...more });
  store.put("number/.zattrs", { _ARRAY_DIMENSIONS: ["number"] });
  store.put("number/0", new Uint8Array(Float64Array.of(0, 1, 2).buffer));
  store.put("t2m/.zarray", { shape: [1, 1, 3, 4, 6], chunks: [1, 1, 1, 4, 6], dtype: "<f4", ...more });
  store.put("t2m/.zattrs", {
    _ARRAY_DIMENSIONS: ["init", "lead", "number", "latitude", "longitude"],
    units: "K",
  });
  for (const member of [0, 2])
    store.put(`t2m/0.0.${member}.0.0`, floats(...nothing.map(() => 280), ...nothing));
  store.put("t2m/0.0.1.0.0", floats(...nothing, ...nothing));
  const grid = await opened();
  expect(await filled(grid, wholeWindow(grid))).toEqual(["0.0.0.0.0", "0.0.2.0.0"]);
  expect(await filled(grid, wholeWindow(grid), { tellFilled: true, members: true })).toEqual([
    "0.0.0.0.0",
    "0.0.2.0.0",
  ]);
  const one = await opened({ member: 1 });
  expect(await filled(one, wholeWindow(one))).toEqual([]);
});
