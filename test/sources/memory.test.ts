import { describe, expect, it } from "vitest";
import type { MemoryArray, Source } from "../../src/model/source.ts";
import { memoryGroup } from "../../src/sources/memory.ts";
import { openTestGrid, wholeWindow } from "./grid/openTest.ts";

const variable = "surface_air_temperature";

const source = (array: MemoryArray, more: Partial<Source> = {}): Source => ({
  role: "target",
  name: "memory",
  format: "memory",
  address: "memory-test",
  variables: { [variable]: "K" },
  arrays: { [variable]: array },
  ...more,
});

const read = async (given: Source, slot: Record<string, number>) => {
  const opened = await openTestGrid(given);
  await opened.check([variable]);
  return (await opened.read(slot, [variable], wholeWindow(opened), {})).fields[variable]!.values;
};

const place = { latitude: [50, 49], longitude: [0, 1, 2] };

describe("arrays in memory", () => {
  it("reads nested and flat data, NaN, null and words", async () => {
    const coords = { valid_time: ["2021-06-20T00:00:00", "2021-06-20T06:00:00Z"], ...place };
    const dims = ["valid_time", "latitude", "longitude"];
    const rows = [
      [
        [1, "NaN", 3],
        [4, null, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, true],
      ],
    ];
    for (const data of [rows, rows.flat(2)]) {
      const given = source({ dims, coords, data });
      expect([...(await read(given, { valid_time: 0 }))]).toEqual([1, Number.NaN, 3, 4, Number.NaN, 6]);
      expect([...(await read(given, { valid_time: 1 }))]).toEqual([7, 8, 9, 10, 11, 1]);
      const { times } = await openTestGrid(given);
      expect(times.kind === "target" && times.times).toEqual([
        Date.UTC(2021, 5, 20),
        Date.UTC(2021, 5, 20, 6),
      ]);
    }
    const single = source({ dims, coords, data: rows, dtype: "float32" });
    expect(await read(single, { valid_time: 1 })).toBeInstanceOf(Float32Array);
    expect(await read(source({ dims, coords, data: rows }), { valid_time: 1 })).toBeInstanceOf(Float64Array);
  });

  it("lays out forecasts as (init, lead) and (lead, valid), leads in hours", async () => {
    const forecast = (array: MemoryArray) => openTestGrid(source(array, { role: "forecast" }));
    const runs = await forecast({
      dims: ["init_time", "lead_time"],
      coords: { init_time: ["2021-06-20", "2021-06-20T12:00:00"], lead_time: [0, 6] },
      data: [
        [1, 2],
        [3, 4],
      ],
    });
    const pivoted = await forecast({
      dims: ["lead_time", "valid_time"],
      coords: { lead_time: [0, 6], valid_time: ["2021-06-20 06:00:00", "2021-06-20T12:00:00"] },
      data: [1, 2, 3, 4],
    });
    const day = Date.UTC(2021, 5, 20);
    const list = async (opened: typeof runs) => {
      if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
      const rows = [];
      for (const { initTime, lead, slot } of opened.times.refs(day - 86_400_000, day + 86_400_000)) {
        const { fields } = await opened.read(slot, [variable], wholeWindow(opened), {});
        rows.push([(initTime - day) / 3_600_000, lead / 3_600_000, fields[variable]!.values[0]]);
      }
      return rows;
    };
    expect(await list(runs)).toEqual([
      [0, 0, 1],
      [0, 6, 2],
      [12, 0, 3],
      [12, 6, 4],
    ]);
    expect(await list(pivoted)).toEqual([
      [0, 6, 3],
      [6, 0, 1],
      [6, 6, 4],
      [12, 0, 2],
    ]);
  });

  it("puts arrays without places at one place", async () => {
    const given = source({ dims: ["valid_time"], coords: { valid_time: [0, 3_600_000] }, data: [5, 6] });
    const opened = await openTestGrid(given);
    expect([...opened.grid.latitude, ...opened.grid.longitude]).toEqual([0, 0]);
    expect([...(await read(given, { valid_time: 1 }))]).toEqual([6]);
  });

  it("takes values in the source's unit, unless the mapping states another", async () => {
    const array = { dims: ["valid_time"], coords: { valid_time: [0] }, data: [7] };
    expect([...(await read(source(array), { valid_time: 0 }))]).toEqual([7]);
    const celsius = { mapping: { [variable]: { name: variable, unit: "degC" } } };
    expect([...(await read(source(array, celsius), { valid_time: 0 }))]).toEqual([280.15]);
    const renamed = { arrays: { x: array }, mapping: { [variable]: "x" } };
    expect([...(await read(source(array, renamed), { valid_time: 0 }))]).toEqual([7]);
  });

  it("holds empty axes", async () => {
    const opened = await openTestGrid(source({ dims: ["valid_time"], coords: { valid_time: [] }, data: [] }));
    expect(opened.times.kind === "target" && opened.times.times).toEqual([]);
  });

  it("names what does not fit", async () => {
    const coords = { valid_time: [0, 1] };
    const dims = ["valid_time"];
    expect(() => memoryGroup(source({ dims, coords, data: [1] }))).toThrow(
      /holds 1 values; its dimensions have 2/,
    );
    expect(() => memoryGroup(source({ dims, coords, data: [1, "warm"] }))).toThrow(/"warm"/);
    expect(() => memoryGroup(source({ dims: ["x"], coords, data: [1] }))).toThrow(/no coordinate/);
    expect(() => memoryGroup(source({ dims, coords: { valid_time: ["noon"] }, data: [1] }))).toThrow(/noon/);
    const twoCoords = {
      a: { dims, coords, data: [1, 2] },
      b: { dims, coords: { valid_time: [5] }, data: [1] },
    };
    expect(() => memoryGroup(source({ dims, coords, data: [1, 2] }, { arrays: twoCoords }))).toThrow(
      /other values of valid_time/,
    );
    await expect(
      openTestGrid(source({ dims, coords: { valid_time: [0, null as unknown as number] }, data: [1, 2] })),
    ).rejects.toThrow(/index 1/);
  });

  it("gives arrays of equal names and other values other chunks", async () => {
    const make = (value: number) =>
      source({ dims: ["valid_time"], coords: { valid_time: [0] }, data: [value] });
    const id = async (given: Source) => (await memoryGroup(given).array(variable)).chunkId([0, 0, 0]);
    expect(await id(make(1))).not.toBe(await id(make(2)));
    expect(await id(make(1))).toBe(await id(make(1)));
  });
});
