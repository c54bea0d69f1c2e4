import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/model/source.ts";
import { findVariable } from "../../../src/sources/cf/findVariable.ts";
import { unitOf } from "../../../src/sources/cf/unitOf.ts";
import { along, type Chunked, chunkedGroup } from "../grid/chunkedGroup.ts";

const source = (more: Partial<Source> = {}): Source => ({
  role: "target",
  name: "test",
  format: "zarr",
  address: "test-store",
  variables: {},
  ...more,
});

const flat = (attributes: object = {}, dims = ["time", "latitude", "longitude"]): Chunked => ({
  dims,
  shape: dims.map(() => 1),
  values: Float32Array.of(1),
  attributes: { units: "K", ...attributes },
});

const levels = (attributes: object = {}) => flat(attributes, ["time", "level", "latitude", "longitude"]);

const group = (arrays: Record<string, Chunked>) =>
  chunkedGroup({ level: along("level", [850]), time: along("time", [0]), ...arrays });

const name = async (arrays: Record<string, Chunked>, variable: string, more: Partial<Source> = {}) =>
  (await findVariable(group(arrays), source(more), variable)).array.name;

const air = { standard_name: "air_temperature" };

describe("findVariable", () => {
  it("takes the mapping first, then the canonical name, standard_name, short names", async () => {
    const arrays = { surface_air_temperature: flat(), x: flat(air), t2m: flat() };
    const variable = "surface_air_temperature";
    expect(await name(arrays, variable, { mapping: { [variable]: "x" } })).toBe("x");
    expect(await name(arrays, variable, { mapping: { [variable]: { name: "t2m", unit: "K" } } })).toBe("t2m");
    expect(await name(arrays, variable)).toBe("surface_air_temperature");
    expect(await name({ x: flat(air), t2m: flat() }, variable)).toBe("x");
    expect(await name({ t2m: flat(), y: flat() }, variable)).toBe("t2m");
    expect(await name({ "2m_temperature": flat() }, variable)).toBe("2m_temperature");
    expect(await name({ u10: flat() }, "surface_eastward_wind")).toBe("u10");
    expect(await name({ psl: flat() }, "air_pressure_at_mean_sea_level")).toBe("psl");
  });

  it("keeps a unit that the mapping states for a variable found by its usual names", async () => {
    const mapping = { surface_air_temperature: { unit: "degC" } };
    const found = await findVariable(group({ t2m: flat() }), source({ mapping }), "surface_air_temperature");
    expect([found.array.name, found.stated]).toEqual(["t2m", { unit: "degC" }]);
  });

  it("tells levels from the surface by a pressure coordinate", async () => {
    const arrays = { a: flat(air), b: levels(air) };
    expect(await name(arrays, "surface_air_temperature")).toBe("a");
    expect(await name(arrays, "air_temperature")).toBe("b");
    const scalar = { a: flat(air), b: flat({ ...air, coordinates: "level" }) };
    expect(await name(scalar, "air_temperature")).toBe("b");
  });

  it("does not take the array of another variable for its standard_name", async () => {
    const wind = { standard_name: "eastward_wind", units: "m s-1" };
    await expect(name({ u100: flat(wind) }, "surface_eastward_wind")).rejects.toThrow(/no array/);
    expect(await name({ u100: flat(wind), u10: flat(wind) }, "surface_eastward_wind")).toBe("u10");
    expect(await name({ u100: flat(wind), u10: flat(wind) }, "100m_eastward_wind")).toBe("u100");
    const maximum = { ...air, cell_methods: "time: maximum" };
    expect(await name({ a: flat(air), b: flat(maximum) }, "surface_air_temperature")).toBe("a");
    expect(await name({ a: flat(air), b: flat(maximum) }, "surface_air_temperature_maximum")).toBe("b");
  });

  it("names the candidates where several would do", async () => {
    await expect(name({ a: flat(air), b: flat(air) }, "surface_air_temperature")).rejects.toThrow(
      /a, b could all be surface_air_temperature.*mapping/,
    );
    await expect(
      name(
        { total_precipitation_6hr: flat(), total_precipitation_24hr: flat() },
        "accumulated_precipitation",
      ),
    ).rejects.toThrow(/could all be/);
  });

  it("lists what there is and suggests the closest", async () => {
    await expect(name({ t2mm: flat(), u10: flat() }, "surface_air_temperature")).rejects.toThrow(
      /There are: level, t2mm, time, u10/,
    );
    await expect(
      name({ t2m: flat() }, "surface_air_temperature", { mapping: { surface_air_temperature: "t2n" } }),
    ).rejects.toThrow(/no array t2n.*did you mean t2m/);
    const usual = { "2m_temperature": flat(), time: flat() };
    await expect(
      name(usual, "surface_air_temperature", { mapping: { surface_air_temperature: "t2m" } }),
    ).rejects.toThrow(/did you mean 2m_temperature/);
    await expect(name({ my_index: flat() }, "my_indax")).rejects.toThrow(/did you mean my_index/);
  });
});

describe("unitOf", () => {
  const unit = async (attributes: object, how: Partial<Source>, variable = "surface_air_temperature") => {
    const given = source(how);
    const found = await findVariable(
      group({ x: { ...flat(), attributes: { ...attributes } } }),
      given,
      variable,
    );
    return unitOf("store", given, variable, found);
  };
  const mapping = { surface_air_temperature: "x" };
  const stated = { surface_air_temperature: { name: "x", unit: "degC" } };

  it("converts the stored unit to the canonical one", async () => {
    expect(await unit({ units: "degC" }, { mapping })).toMatchObject({
      unit: "K",
      conversion: { add: 273.15 },
    });
  });

  it("takes what the mapping states, and says so where the store states otherwise", async () => {
    const warned = await unit({ units: "K" }, { mapping: stated });
    expect(warned.conversion.add).toBe(273.15);
    expect(warned.warning).toMatch(/x has the units "K"; taken as "degC", as the mapping states/);
    const agreed = await unit({ units: "degrees_C" }, { mapping: stated });
    expect(agreed.conversion.add).toBe(273.15);
    expect(agreed.warning).toBeUndefined();
  });

  it("takes the mapping's unit where the store has none that can be used, and says so", async () => {
    const absent = await unit({}, { mapping: stated });
    expect(absent.conversion.add).toBe(273.15);
    expect(absent.warning).toMatch(/x has no units; taken as "degC"/);
    expect((await unit({ units: "furlong" }, { mapping: stated })).warning).toMatch(/furlong/);
  });

  it("refuses absent, unknown and wrong units, naming them", async () => {
    await expect(unit({}, { mapping })).rejects.toThrow(/x has no units/);
    await expect(unit({ units: "furlong" }, { mapping })).rejects.toThrow(/furlong/);
    await expect(unit({ units: "Pa" }, { mapping })).rejects.toThrow(/Pa.*something else/);
    const wrong = { surface_air_temperature: { name: "x", unit: "Pa" } };
    await expect(unit({}, { mapping: wrong })).rejects.toThrow(/"Pa".*"K"/);
  });

  it("gives variables it does not know in the unit the source declares", async () => {
    const own = { mapping: { cbss: "x" }, variables: { cbss: "J/kg m/s" } };
    expect(await unit({ units: "J/kg m/s" }, own, "cbss")).toMatchObject({ unit: "J/kg m/s" });
    expect((await unit({ units: "m3 s-3" }, own, "cbss")).conversion).toEqual({
      multiply: 1,
      divide: 1,
      add: 0,
    });
  });

  it("tells height from geopotential by the unit", async () => {
    const height = { mapping: { geopotential_height: "x" } };
    expect((await unit({ units: "m**2 s**-2" }, height, "geopotential_height")).conversion.divide).toBe(
      9.80665,
    );
    expect((await unit({ units: "gpm" }, height, "geopotential_height")).conversion.divide).toBe(1);
  });
});
