/**
 * The data set `sample`: synthetic stores that are made on first use, so that a first run needs no network and no
 * data of one's own.
 */
import { join } from "node:path";
import type { Role, Source } from "../model/source.ts";
import type { DataSet } from "./dataSet.ts";

/** Names of the sample's sources, and the files they lie in. */
export const sampleFiles = {
  forecasts: { "sample-model-a": "model-a.zarr", "sample-model-b": "model-b.zarr" },
  targets: { "sample-era5": "era5.zarr", "sample-stations": "stations.parquet" },
  climatologies: { "sample-climatology": "climatology.zarr" },
  cases: "cases.yaml",
} as const;

/**
 * The sample in a folder where its stores were made.
 *
 * @example sampleDataSet("/home/me/.cache/ewb/sample-1")
 */
export const sampleDataSet = (folder: string): DataSet => {
  const sources = (role: Role, files: Readonly<Record<string, string>>): Source[] =>
    Object.entries(files).map(([name, file]) => ({
      role,
      name,
      format: file.endsWith(".zarr") ? "zarr" : "stations",
      address: join(folder, file),
      variables: { surface_air_temperature: "K" },
      // A Parquet column as this package writes it has no place for a unit.
      ...(file.endsWith(".parquet") ? { mapping: { surface_air_temperature: { unit: "K" } } } : {}),
    }));
  return {
    name: "sample",
    description: "embedded sample: synthetic, seeded, two models, an analysis and stations",
    cases: join(folder, sampleFiles.cases),
    forecasts: sources("forecast", sampleFiles.forecasts),
    targets: sources("target", sampleFiles.targets),
    climatologies: sources("climatology", sampleFiles.climatologies),
  };
};
