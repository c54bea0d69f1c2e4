/** The peer's cases (workloads.py of its folder) and stores, as case files and data sets of ours. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Workload = "heatwave" | "heatwave4";

type Bounds = readonly [south: number, north: number, west: number, east: number];

const all: readonly (readonly [title: string, from: string, to: string, Bounds])[] = [
  ["2021 Pacific Northwest", "2021-06-20", "2021-07-03", [39, 65, -136.75, -105.75]],
  ["Central Europe", "2021-06-20", "2021-06-29", [43, 56, 5, 25]],
  ["Western Europe, across the prime meridian", "2021-06-22", "2021-07-01", [36, 51, -10, 10]],
  ["Australia", "2021-06-21", "2021-06-30", [-38, -22, 115, 150]],
];

/**
 * Writes data set and cases to `folder`; the path of the data set.
 *
 * @param stores a folder or an address
 */
export const writePeerDataSet = (folder: string, workload: Workload, stores: string): string => {
  mkdirSync(folder, { recursive: true });
  const cases = all.slice(0, workload === "heatwave" ? 1 : undefined).map(
    ([title, from, to, [south, north, west, east]], i) => `- case_id_number: ${i + 1}
  title: ${title}
  start_date: ${from} 00:00:00
  end_date: ${to} 00:00:00
  location:
    type: bounded_region
    parameters: { latitude_min: ${south}, latitude_max: ${north}, longitude_min: ${west}, longitude_max: ${east} }
  event_type: heat_wave
`,
  );
  const variable = "variables: { surface_air_temperature: { name: 2m_temperature, unit: K } }";
  const source = (kind: string, name: string, store: string) =>
    `${kind}:\n  - name: ${name}\n    zarr: ${stores}/${store}\n    ${variable}\n`;
  const file = join(folder, `${workload}.yaml`);
  writeFileSync(join(folder, `${workload}-cases.yaml`), cases.join(""));
  writeFileSync(
    file,
    `name: ${workload}\ncases: ${workload}-cases.yaml\n${source("forecasts", "hres-like", "hres.zarr")}` +
      `${source("targets", "ERA5", "era5.zarr")}${source("climatologies", "normals", "climatology.zarr")}`,
  );
  return file;
};
