import { describe, expect, it } from "vitest";
import { axesOf } from "../../../src/sources/cf/axes.ts";
import {
  checkLatitude,
  checkLongitude,
  horizontalAxes,
  readGrid,
} from "../../../src/sources/cf/horizontalGrid.ts";
import { along, type Chunked, chunkedGroup } from "../grid/chunkedGroup.ts";

const field = (dims: string[], shape: number[], attributes: object = {}): Chunked => ({
  dims,
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  attributes: { ...attributes },
});

const grid = async (arrays: Record<string, Chunked>) => {
  const group = chunkedGroup(arrays);
  const array = await group.array("t");
  const axes = await axesOf(group, array);
  const { latitude, longitude } = await horizontalAxes(group, array, axes);
  return readGrid("store", latitude, longitude, false);
};

const north = { units: "degrees_north" };
const east = { units: "degrees_east" };

describe("the grid of an array", () => {
  it("is found by standard_name, units or usual names", async () => {
    const t = field(["a", "b"], [2, 3]);
    const lats = [50, 49];
    const lons = [0, 1, 2];
    for (const [one, two] of [
      [north, east],
      [{ units: "degree_N" }, { units: "degree_E" }],
      [{ standard_name: "latitude" }, { standard_name: "longitude" }],
    ] as const) {
      const found = await grid({ t, a: along("a", lats, one), b: along("b", lons, two) });
      expect([...found.latitude]).toEqual(lats);
      expect([...found.longitude]).toEqual(lons);
    }
    for (const [a, b] of [
      ["lat", "lon"],
      ["Latitude", "Longitude"],
      ["latitude", "longitude"],
    ] as const) {
      const found = await grid({ t: field([a, b], [2, 3]), [a]: along(a, lats), [b]: along(b, lons) });
      expect([...found.latitude]).toEqual(lats);
    }
    // one-dimensional coordinates of index dimensions
    const auxiliary = {
      t: field(["y", "x"], [2, 3]),
      latitude: along("y", lats),
      longitude: along("x", lons),
    };
    expect([...(await grid(auxiliary)).longitude]).toEqual(lons);
  });

  it("unpacks coordinates and keeps values that equal a fill value", async () => {
    const packed = { ...along("lat", [500, 490]), attributes: { ...north, scale_factor: 0.1 } };
    const lon = { ...along("lon", [0, 1]), fill: 0, fillIsMissing: true };
    const found = await grid({ t: field(["lat", "lon"], [2, 2]), lat: packed, lon });
    expect([...found.latitude]).toEqual([50, 49]);
    expect([...found.longitude]).toEqual([0, 1]);
  });

  it("names other kinds of grids", async () => {
    const lat2 = field(["y", "x"], [2, 3], north);
    await expect(
      grid({ t: field(["y", "x"], [2, 3], { coordinates: "lat lon" }), lat: lat2, lon: lat2 }),
    ).rejects.toThrow(/curvilinear/);
    await expect(
      grid({
        t: field(["cell"], [3]),
        lat: along("cell", [1, 2, 3], north),
        lon: along("cell", [1, 2, 3], east),
      }),
    ).rejects.toThrow(/reduced or unstructured/);
    await expect(grid({ t: field(["time", "values"], [1, 3]), time: along("time", [0]) })).rejects.toThrow(
      /unstructured/,
    );
    const projected = { standard_name: "projection_x_coordinate", units: "m" };
    await expect(
      grid({ t: field(["x"], [3], { grid_mapping: "crs" }), x: along("x", [1, 2, 3], projected) }),
    ).rejects.toThrow(/projected/);
    await expect(
      grid({ t: field(["rlat", "rlon"], [1, 1]), rlat: along("rlat", [1]), rlon: along("rlon", [1]) }),
    ).rejects.toThrow(/rotated/);
    await expect(
      grid({ t: field(["y", "x"], [1, 1]), y: along("y", [1]), x: along("x", [1]) }),
    ).rejects.toThrow(/none is known as latitude/);
  });

  it("refuses lengths that disagree, radians, absent values", async () => {
    const lon = along("lon", [0, 1, 2]);
    const t = field(["lat", "lon"], [2, 3]);
    await expect(grid({ t, lat: along("lat", [1, 2, 3]), lon })).rejects.toThrow(
      /2 values along lat.* has 3/,
    );
    await expect(grid({ t, lat: along("lat", [1, 2], { units: "radian" }), lon })).rejects.toThrow(/radian/);
    await expect(grid({ t, lat: { ...along("lat", [1, 2]), absent: ["0"] }, lon })).rejects.toThrow(
      /coordinate lat is absent/,
    );
    await expect(grid({ t: { ...t, dims: [] }, lat: along("lat", [1, 2]), lon })).rejects.toThrow(
      /_ARRAY_DIMENSIONS/,
    );
    await expect(grid({ t, lon })).rejects.toThrow(/no coordinate lat/);
  });
});

describe("checkLatitude", () => {
  const check = (...values: number[]) => checkLatitude("store", "lat", Float64Array.from(values));
  it("takes both directions and one row", () => {
    check(90, 0, -90);
    check(-90, 0, 90);
    check(10);
  });
  it("names what is wrong and where", () => {
    expect(() => check(50, 50)).toThrow(/50 at index 0 and again at index 1/);
    expect(() => check(50, 51, 50.5)).toThrow(/turns at index 2/);
    expect(() => check(91)).toThrow(/91 at index 0/);
    expect(() => check()).toThrow(/no values/);
  });
});

describe("packed and rotated axes", () => {
  const arrays = (mapping: string) => ({
    t: field(["latitude", "longitude"], [2, 1], { grid_mapping: "crs" }),
    crs: { dims: [], shape: [], values: new Int32Array(1), attributes: { grid_mapping_name: mapping } },
    latitude: {
      ...along("latitude", []),
      shape: [2],
      values: Int8Array.of(-56, 10),
      attributes: { units: "degrees_north", scale_factor: 0.25, add_offset: 10, _Unsigned: "true" },
    },
    longitude: along("longitude", [3]),
  });
  it("are unpacked, with the sign that is declared", async () => {
    expect([...(await grid(arrays("latitude_longitude"))).latitude]).toEqual([60, 12.5]);
  });
  it("are refused where the pole is rotated, whatever they are called", async () => {
    await expect(grid(arrays("rotated_latitude_longitude"))).rejects.toThrow(/t is on a rotated grid/);
  });
});

describe("checkLongitude", () => {
  const check = (...values: number[]) => checkLongitude("store", "lon", Float64Array.from(values));
  it("takes any rotation of ascending", () => {
    check(0, 90, 180, 270);
    check(-180, -90, 0, 90);
    check(180, 270, 0, 90);
    check(0, 90, -180, -90);
    check(350, 355, 0, 2);
    check(170, 175, 180, 185);
    check(12);
  });
  it("names what is wrong and where", () => {
    expect(() => check(0, 1, 1)).toThrow(/1 at index 1 and 1 at index 2/);
    expect(() => check(0, 180, 360)).toThrow(/same meridian/);
    expect(() => check(-180, 0, 180)).toThrow(/same meridian/);
    expect(() => check(3, 2, 1)).toThrow(/west to east/);
    expect(() => check(0, 20, 10, 30)).toThrow(/west to east/);
    expect(() => check(0, 1e6)).toThrow(/1000000 at index 1/);
  });
});
