import { expect, test } from "vitest";
import * as catalog from "../../src/catalog/index.ts";

test("the public list of ewb/catalog", () => {
  expect(Object.keys(catalog).sort()).toEqual([
    "boundedRegion",
    "centeredRegion",
    "climatology",
    "defineCase",
    "era5",
    "era5Climatology",
    "forecast",
    "hres",
    "inMemory",
    "packagedCases",
    "parseCases",
    "parseDataSet",
    "publicDataSet",
    "publicLevels",
    "sampleDataSet",
    "sampleFiles",
    "selectSources",
    "target",
    "variableFacts",
  ]);
});

test("a source in memory names its arrays", () => {
  const coords = { time: [0], latitude: [1], longitude: [2] };
  const arrays = { t: { dims: ["time", "latitude", "longitude"], coords, data: [280] } };
  const truth = catalog.inMemory({
    role: "target",
    name: "truth",
    variables: { surface_air_temperature: "K" },
    mapping: { surface_air_temperature: "t" },
    arrays,
  });
  expect(truth).toEqual({
    role: "target",
    name: "truth",
    format: "memory",
    address: "memory:truth",
    variables: { surface_air_temperature: "K" },
    mapping: { surface_air_temperature: "t" },
    arrays,
  });
});
