import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseDataSet } from "../../src/catalog/dataSetFile.ts";
import { sampleArrivals } from "../../src/runtime/sampleArrivals.ts";
import { ensureSample } from "../../src/runtime/sampleData.ts";
import { cache } from "../cli/ewb.ts";

const folder = mkdtempSync(join(tmpdir(), "ewb-arrivals-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("inits arrive one by one in both models, until the stores are those of the sample", async () => {
  const sample = (await ensureSample(cache)).folder;
  const arrivals = await sampleArrivals(sample, folder);
  expect(arrivals.inits).toBe(28);
  const dataSet = parseDataSet(readFileSync(arrivals.data, "utf8"), arrivals.data);
  expect(dataSet.forecasts.map(({ name }) => name)).toEqual(["sample-model-a", "sample-model-b"]);
  expect(
    [...dataSet.forecasts, ...dataSet.targets, ...dataSet.climatologies].map(({ address }) => address),
  ).toEqual(
    ["model-a.zarr", "model-b.zarr", "era5.zarr", "stations.parquet", "climatology.zarr"].map((name) =>
      join(folder, name),
    ),
  );
  const shape = (model: string): number => {
    const { metadata } = JSON.parse(readFileSync(join(folder, model, ".zmetadata"), "utf8"));
    expect(metadata["time/.zarray"].shape[0]).toBe(metadata["2m_temperature/.zarray"].shape[0]);
    return metadata["time/.zarray"].shape[0];
  };
  const inits = (model: string): number =>
    new Set(
      readdirSync(join(folder, model, "2m_temperature"))
        .map((name) => name.split(".")[0])
        .filter((init) => init !== ""),
    ).size;
  for (let n = 0; n <= 3; n++) {
    if (n > 0) expect(await arrivals.next()).toBe(n);
    for (const model of ["model-a.zarr", "model-b.zarr"])
      expect([shape(model), inits(model)]).toEqual([n, n]);
  }
  for (let n = 4; n <= 28; n++) await arrivals.next();
  expect(await arrivals.next()).toBe(28);
  for (const name of readdirSync(sample, { recursive: true, encoding: "utf8", withFileTypes: false })) {
    if (!/^model-[ab]\.zarr[\\/].*[\\/](\d[\d.]*|\.z\w+)$/.test(name)) continue;
    const [here, there] = [folder, sample].map((at) => readFileSync(join(at, name)));
    if (name.endsWith(".zarray")) expect(JSON.parse(`${here}`)).toEqual(JSON.parse(`${there}`));
    else expect(here!.equals(there!), name).toBe(true);
  }
}, 60_000);
