import { join, resolve } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  climatology,
  type DataSet,
  era5,
  forecast,
  hres,
  parseDataSet,
  publicDataSet,
  type Source,
  sampleDataSet,
  selectSources,
  target,
} from "../../src/catalog/index.ts";

const whole = `name: mine
description: my own
cases: cases.yaml
forecasts:
  - name: my-model
    zarr: stores/my-model.zarr
    variables:
      surface_air_temperature: t2m
      air_temperature_850: { name: t, at: { level: 850 } }
      my_index: { name: idx, unit: "1" }
    member: 3
    absent: fill
  - name: other
    zarr: gs://bucket/other.zarr
targets:
  - name: ERA5
    zarr: https://example.com/era5.zarr
  - name: stations
    stations: stations.parquet
climatologies:
  - name: climate
    zarr: climate.zarr
    variables: { surface_air_temperature: 2m_temperature }
    quantile: 0.85
`;
const file = resolve("/data/sets/mine.yaml");
const parse = (text: string) => parseDataSet(text, file);

test("how long a source is waited for, in a file and in code", () => {
  const text = whole
    .replace("absent: fill", "wait: 36h")
    .replace("- name: ERA5", "- name: ERA5\n    never: 60 d");
  const { forecasts, targets } = parse(text);
  const hour = 3_600_000;
  expect(forecasts.map(({ patience }) => patience)).toEqual([{ deadline: 36 * hour }, undefined]);
  expect(targets.map(({ patience }) => patience)).toEqual([{ never: 1440 * hour }, undefined]);
  const options = { name: "a", zarr: "a", variables: { t: "K" } } as const;
  expect(forecast({ ...options, wait: "12h", never: "2d" }).patience).toEqual({
    deadline: 12 * hour,
    never: 48 * hour,
  });
  expect(target(options)).not.toHaveProperty("patience");
  expect(() => target({ ...options, wait: "soon" })).toThrow(/the target a: wait is "soon"/);
});

describe("parseDataSet", () => {
  test("a whole file", () => {
    expect(parse(whole)).toEqual({
      name: "mine",
      description: "my own",
      cases: resolve("/data/sets/cases.yaml"),
      forecasts: [
        {
          role: "forecast",
          name: "my-model",
          format: "zarr",
          address: resolve("/data/sets/stores/my-model.zarr"),
          variables: { surface_air_temperature: "K", air_temperature_850: "K", my_index: "1" },
          mapping: {
            surface_air_temperature: { name: "t2m" },
            air_temperature_850: { name: "t", at: { level: 850 } },
            my_index: { name: "idx", unit: "1" },
          },
          member: 3,
          absent: "fill",
        },
        { role: "forecast", name: "other", format: "zarr", address: "gs://bucket/other.zarr", variables: {} },
      ],
      targets: [
        {
          role: "target",
          name: "ERA5",
          format: "zarr",
          address: "https://example.com/era5.zarr",
          variables: {},
        },
        {
          role: "target",
          name: "stations",
          format: "stations",
          address: resolve("/data/sets/stations.parquet"),
          variables: {},
        },
      ],
      climatologies: [
        {
          role: "climatology",
          name: "climate",
          format: "zarr",
          address: resolve("/data/sets/climate.zarr"),
          variables: { surface_air_temperature: "K" },
          mapping: { surface_air_temperature: { name: "2m_temperature", at: { quantile: 0.85 } } },
        },
      ],
    });
  });

  test("the least there must be", () => {
    const least =
      "name: a\ncases: c.yaml\nforecasts: [{name: f, zarr: f.zarr}]\ntargets: [{name: t, zarr: t.zarr}]\n";
    expect(parse(least)).toMatchObject({ description: "data set a", climatologies: [] });
    expect(parse(least).forecasts[0]).not.toHaveProperty("member");
  });

  test("variables without a name in the store, for the usual names", () => {
    const text = whole
      .replace("surface_air_temperature: t2m", "surface_air_temperature:")
      .replace("{ name: t, at: { level: 850 } }", "{ at: { level: 850 } }");
    expect(parse(text).forecasts[0]).toMatchObject({
      variables: { surface_air_temperature: "K", air_temperature_850: "K" },
      mapping: { air_temperature_850: { at: { level: 850 } } },
    });
    expect(parse(text).forecasts[0]?.mapping).not.toHaveProperty("surface_air_temperature");
  });

  test("a stored unit is not the unit given", () => {
    const [source] = parse(whole.replace("t2m", "{ name: t2m, unit: degC }")).forecasts;
    expect(source?.variables.surface_air_temperature).toBe("K");
    expect(source?.mapping?.surface_air_temperature).toEqual({ name: "t2m", unit: "degC" });
  });

  test("addresses beside a file on the web", () => {
    const { cases } = parseDataSet(whole, "https://example.com/sets/mine.yaml?v=1");
    expect(cases).toBe("https://example.com/sets/cases.yaml");
  });

  test.each<[string, string, string, number, string]>([
    [
      "unknown key",
      "forecasts:",
      "forcasts:",
      4,
      'a data set has no key "forcasts"; did you mean "forecasts"?',
    ],
    [
      "unknown key of a source",
      "member: 3",
      "membr: 3",
      11,
      'a forecast has no key "membr"; did you mean "member"?',
    ],
    [
      "unknown key of a variable",
      "unit: ",
      "units: ",
      10,
      'my_index has no key "units"; did you mean "unit"?',
    ],
    [
      "stations of a forecast",
      "zarr: gs://bucket/other.zarr",
      "stations: x.parquet",
      14,
      'no key "stations"',
    ],
    [
      "quantile of a target",
      "stations: stations.parquet",
      "zarr: a.zarr\n    quantile: 0.5",
      20,
      'no key "quantile"',
    ],
    ["no name", "name: mine\n", "", 1, "a data set lacks the key name"],
    [
      "no address",
      "    zarr: gs://bucket/other.zarr\n",
      "",
      13,
      "the forecast other has no address; expected zarr",
    ],
    [
      "two addresses",
      "stations: stations.parquet",
      "stations: a.csv\n    zarr: b.zarr",
      18,
      "zarr and stations",
    ],
    ["address is a list", "gs://bucket/other.zarr", "[a]", 14, "zarr is a list; expected text"],
    ["unknown scheme", "gs://bucket", "ftp://bucket", 14, "ftp://bucket/other.zarr begins with ftp://"],
    ["cases is a list", "cases.yaml", "[1]", 3, "cases is a list; expected text"],
    [
      "name twice",
      "name: other",
      "name: my-model",
      13,
      "two forecasts are called my-model, the first in line 5",
    ],
    ["key twice", "absent: fill", "member: 4", 12, "member is given twice"],
    ["member", "member: 3", "member: all", 11, 'member is "all"; expected mean, or the number'],
    ["absent", "absent: fill", "absent: zero", 12, 'absent is "zero"; expected missing or fill'],
    ["wait", "absent: fill", "wait: 3 days", 5, 'wait is "3 days"; expected a time like 12h or 3d'],
    ["never before wait", "absent: fill", "wait: 3d\n    never: 2d", 5, "never (2d) is before wait (3d)"],
    ["quantile", "quantile: 0.85", "quantile: 85", 24, 'quantile is "85"; expected a number between 0 and 1'],
    [
      "quantile of nothing",
      "    variables: { surface_air_temperature: 2m_temperature }\n",
      "",
      23,
      "quantile needs",
    ],
    ["level", "level: 850", "level: high", 9, 'level is "high"; expected a number'],
    [
      "variable of a list",
      "surface_air_temperature: t2m",
      "surface_air_temperature: [t2m]",
      8,
      "is a list; expected",
    ],
    [
      "misspelled variable",
      "surface_air_temperature: t2m",
      "surface_air_temprature: t2m",
      8,
      'did you mean "surface',
    ],
    ["unknown variable", 'my_index: { name: idx, unit: "1" }', "my_index: idx", 10, "states its unit"],
  ])("%s", (_, from, to, line, message) => {
    expect(whole).toContain(from);
    let error: any;
    try {
      parse(whole.replace(from, to));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ tag: "DataSet", place: { source: file, line } });
    expect(error.message).toContain(`${file} line ${line}: `);
    expect(error.message).toContain(message);
  });

  test("everything wrong is said at once, in the order of lines", () => {
    const text = whole.replace("member: 3", "member: all").replace("quantile: 0.85", "quantile: 85");
    expect(() => parse(text)).toThrow(/line 11: member.*\n.*line 24: quantile/);
    const unnamed = whole.replace("- name: other\n    zarr", "- zarr").replace("absent: fill", "abcd: fill");
    expect(() => parse(unnamed.replace("cases: cases.yaml", "cases: []"))).toThrow(
      /line 3: cases.*\n.*line 12: .*abcd.*\n.*line 13: a forecast lacks the key name/,
    );
    const late = whole.replace("- name: ERA5", "- name: ERA5\n    membre: 1\n    zarr: ftp://x");
    expect(() => parse(late.replace("zarr: https://example.com/era5.zarr", "absent: x"))).toThrow(
      /line 17: .*membre.*\n.*line 18: .*ftp.*\n.*line 19: absent/,
    );
  });

  test.each([
    ["", "a data set is a scalar"],
    ["- 1\n", "a data set is a list"],
    [
      "name: a\ncases: b\nforecasts: {name: a}\ntargets: x\n",
      "line 3: forecasts is a mapping; expected a list",
    ],
    [
      "name: a\ncases: b\nforecasts: [f.zarr]\ntargets: x\n",
      "line 3: a forecast is a scalar; expected a mapping",
    ],
    ["a: [", "not YAML"],
  ])("%j is refused", (text, message) =>
    expect(() => parse(text)).toThrowError(
      expect.objectContaining({ tag: "DataSet", message: expect.stringContaining(message) }),
    ),
  );
});

describe("selectSources", () => {
  const both = forecast({
    name: "both",
    zarr: "both.zarr",
    variables: { surface_air_temperature: "K", surface_wind_speed: "m s-1" },
  });
  const one = forecast({ name: "one", zarr: "one.zarr", variables: { surface_air_temperature: "K" } });
  const undeclared = forecast({ name: "undeclared", zarr: "undeclared.zarr", variables: {} });
  const dataSet: DataSet = {
    name: "x",
    description: "",
    cases: [],
    forecasts: [both, one, undeclared],
    targets: [],
    climatologies: [],
  };
  const names = (sources: readonly Source[]) => sources.map(({ name }) => name);

  test("those that have the variables, in order", () => {
    expect(names(selectSources(dataSet, "forecast", { surface_air_temperature: "K" }))).toEqual([
      "both",
      "one",
      "undeclared",
    ]);
    expect(names(selectSources(dataSet, "forecast", { surface_wind_speed: "m s-1" }))).toEqual([
      "both",
      "undeclared",
    ]);
    expect(selectSources(dataSet, "target", { surface_wind_speed: "m s-1" })).toEqual([]);
  });

  test("what comes out gives what was asked, and is the same object where nothing changes", () => {
    const [first, second] = selectSources(dataSet, "forecast", { surface_air_temperature: "K" });
    expect(first?.variables).toEqual({ surface_air_temperature: "K" });
    expect(both.variables).toHaveProperty("surface_wind_speed");
    expect(second).toBe(one);
  });

  test("one that declares nothing gives what was asked", () => {
    const sources = selectSources(dataSet, "forecast", { anything: "m" });
    expect(sources).toMatchObject([{ name: "undeclared", variables: { anything: "m" } }]);
    expectTypeOf(sources).toEqualTypeOf<Source<{ readonly anything: "m" }>[]>();
  });

  test("a name that every object has is not declared", () => {
    expect(names(selectSources(dataSet, "forecast", { toString: "1" } as any))).toEqual(["undeclared"]);
  });

  test("another unit is an error", () => {
    expect(() => selectSources(dataSet, "forecast", { surface_air_temperature: "degC" })).toThrowError(
      expect.objectContaining({ tag: "Unit", message: expect.stringContaining('asked for in "degC"') }),
    );
  });
});

describe("public data", () => {
  test("real addresses, known names", () => {
    expect(era5).toMatchObject({
      role: "target",
      name: "ERA5",
      address: "gs://gcp-public-data-arco-era5/ar/full_37-1h-0p25deg-chunk-1.zarr-v3",
      mapping: { geopotential_500: { name: "geopotential", at: { level: 500 } } },
    });
    expect(hres.mapping?.surface_wind_speed).toEqual({ name: "10m_wind_speed", unit: "m s-1" });
    expect(publicDataSet.cases).toHaveLength(329);
    for (const { variables, mapping } of [era5, hres]) {
      expect(Object.keys(mapping ?? {}).sort()).toEqual(Object.keys(variables).sort());
    }
  });

  test("sources of it", () => {
    const asked = { surface_air_temperature: "K", air_temperature_850: "K" } as const;
    expect(selectSources(publicDataSet, "forecast", asked)).toEqual([{ ...hres, variables: asked }]);
    expect(selectSources(publicDataSet, "target", asked)).toEqual([{ ...era5, variables: asked }]);
    expect(selectSources(publicDataSet, "climatology", { surface_air_temperature: "K" })).toHaveLength(1);
    expect(selectSources(publicDataSet, "climatology", asked)).toEqual([]);
  });

  test("types keep names and units", () => {
    expectTypeOf(era5.variables.surface_air_temperature).toEqualTypeOf<"K">();
    expectTypeOf(era5.variables.geopotential_500).toEqualTypeOf<"m2 s-2">();
    expectTypeOf(hres.variables.specific_humidity_700).toEqualTypeOf<"kg kg-1">();
    // @ts-expect-error 510 hPa is no level of the store
    era5.variables.geopotential_510;
    // @ts-expect-error the store has no dew point
    hres.variables.surface_dewpoint_temperature;
  });
});

describe("sources in code", () => {
  test("variables keep their literal units", () => {
    const mine = forecast({
      name: "mine",
      zarr: "/data/mine.zarr",
      variables: { surface_air_temperature: "K" },
      mapping: { surface_air_temperature: { name: "t2m", unit: "degC" } },
      member: 2,
    });
    expectTypeOf(mine).toEqualTypeOf<Source<{ readonly surface_air_temperature: "K" }>>();
    expect(mine).toEqual({
      role: "forecast",
      name: "mine",
      format: "zarr",
      address: "/data/mine.zarr",
      variables: { surface_air_temperature: "K" },
      mapping: { surface_air_temperature: { name: "t2m", unit: "degC" } },
      member: 2,
    });
  });

  test("a target is a store or stations", () => {
    const variables = { surface_air_temperature: "K" } as const;
    expect(target({ name: "a", zarr: "a.zarr", variables }).format).toBe("zarr");
    expect(target({ name: "a", stations: "a.parquet", variables })).toMatchObject({
      format: "stations",
      address: "a.parquet",
    });
    // @ts-expect-error not both
    target({ name: "a", stations: "a.parquet", zarr: "a.zarr", variables });
    expect(climatology({ name: "a", zarr: "a.zarr", variables }).role).toBe("climatology");
  });

  test("a mapping of a variable that is not given does not compile", () => {
    // @ts-expect-error surface_wind_speed is not among the variables
    forecast({ name: "a", zarr: "a", variables: { t: "K" }, mapping: { surface_wind_speed: "ws" } });
  });

  test("a source has a name and an address", () => {
    expect(() => forecast({ name: " ", zarr: "a", variables: {} })).toThrow(/has no name/);
    expect(() => forecast({ name: "a", zarr: "", variables: {} })).toThrow(/has no address/);
  });
});

test("the sample's sources lie in its folder", () => {
  const sample = sampleDataSet(resolve("/cache/sample"));
  expect(sample.cases).toBe(join(resolve("/cache/sample"), "cases.yaml"));
  expect(sample.forecasts.map(({ name }) => name)).toEqual(["sample-model-a", "sample-model-b"]);
  expect(sample.targets.map(({ name, format }) => [name, format])).toEqual([
    ["sample-era5", "zarr"],
    ["sample-stations", "stations"],
  ]);
  expect(selectSources(sample, "target", { surface_air_temperature: "K" })).toHaveLength(2);
  expect(selectSources(sample, "target", { surface_wind_speed: "m s-1" })).toEqual([]);
  expect(sample.climatologies[0]).toMatchObject({ name: "sample-climatology", role: "climatology" });
});
