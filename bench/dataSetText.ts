/** Data-set and case files of the bench, as YAML. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { levelName, levels } from "./levelNames.ts";
import { evaluated, type SetName } from "./stores/sets.ts";

/**
 * Which region a case takes: a heat-wave box of 105 x 125 cells, the globe from 180 W on or from 0 E on as it is
 * stored, a strip of one degree from pole to pole, or eight bands as eight cases.
 */
export type RegionName = "box" | "globe" | "stored" | "strip" | "eight";

type Bounds = readonly [south: number, north: number, west: number, east: number];

const regions: Readonly<Record<RegionName, readonly Bounds[]>> = {
  box: [[39, 65, -136.75, -105.75]],
  globe: [[-90, 90, -180, 179.75]],
  stored: [[-90, 90, 0, 359.75]],
  strip: [[-90, 90, 0, 1]],
  eight: Array.from({ length: 8 }, (_, i) => [-80 + 20 * i, -61 + 20 * i, -180, 177.5] as const),
};

const variables = (set: SetName): string =>
  set === "levels"
    ? levels
        .map(
          (level) =>
            `${levelName(level)}: { name: u_component_of_wind, unit: m s-1, at: { level: ${level} } }`,
        )
        .join(", ")
    : "surface_air_temperature: { name: 2m_temperature, unit: K }";

/**
 * Writes the data set and its cases to `folder`; the path of the data set.
 *
 * @param stores where `forecast.zarr` and `target.zarr` are: a folder or an address
 */
export const writeDataSet = (folder: string, set: SetName, region: RegionName, stores: string): string => {
  mkdirSync(folder, { recursive: true });
  const [from, to] = evaluated(set).map((hour) =>
    new Date(Date.UTC(2021, 5, 1) + hour * 3_600_000).toISOString().slice(0, 16).replace("T", " "),
  );
  const cases = regions[region].map(
    ([south, north, west, east], i) => `- case_id_number: ${i + 1}
  title: ${region} ${i + 1}
  start_date: ${from}:00
  end_date: ${to}:00
  location:
    type: bounded_region
    parameters: { latitude_min: ${south}, latitude_max: ${north}, longitude_min: ${west}, longitude_max: ${east} }
  event_type: heat_wave
`,
  );
  const source = (side: string) => `  - name: ${side}
    zarr: ${stores}/${side}.zarr
    variables: { ${variables(set)} }
`;
  const file = join(folder, `${set}-${region}.yaml`);
  writeFileSync(join(folder, `${set}-${region}-cases.yaml`), cases.join(""));
  writeFileSync(
    file,
    `name: ${set}-${region}\ncases: ${set}-${region}-cases.yaml\n` +
      `forecasts:\n${source("forecast")}targets:\n${source("target")}${set === "amplification" ? source("second") : ""}`,
  );
  return file;
};
