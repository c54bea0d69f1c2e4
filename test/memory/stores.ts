/**
 * Stores for tests of memory, made once and kept in the tests' cache. `globe` is what weighs: 194 chunks of 4.15 MB
 * (0.25 degrees, the whole globe, blosc), 805 MB decoded, which are links to six. The others are small or cut finely.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bloscFrame } from "../../bench/stores/bloscFrame.ts";
import { writeLinkedStore } from "../../bench/stores/linkedStore.ts";
import { waveField } from "../../bench/stores/waveField.ts";
import { writeZarr } from "../../src/sinks/zarr/writeZarr.ts";
import { wholeArray, type ZarrArray } from "../../src/sinks/zarr/zarrArray.ts";
import { cache } from "../cli/ewb.ts";
import { asZlib } from "./asZlib.ts";

export type StoreName = "globe" | "coarse" | "tiles" | "monolith";

interface Store {
  readonly degrees: number;
  readonly inits: number;
  readonly leads: number;
  /** Latitudes and longitudes of a chunk; not given: the whole field. */
  readonly tile?: readonly [number, number];
  /** All inits and leads are one chunk, of which nothing is stored. */
  readonly isOneChunk?: boolean;
  readonly packed: "blosc" | "none";
}

const stores: Readonly<Record<StoreName, Store>> = {
  globe: { degrees: 0.25, inits: 10, leads: 16, packed: "blosc" },
  coarse: { degrees: 2.5, inits: 6, leads: 20, packed: "none" },
  tiles: { degrees: 0.25, inits: 2, leads: 10, tile: [103, 180], packed: "none" },
  monolith: { degrees: 0.25, inits: 6, leads: 20, isOneChunk: true, packed: "none" },
};

const name = "2m_temperature";
const units = "K";
const since = "hours since 2021-06-01";
const steps = (count: number, step: number) => Int32Array.from({ length: count }, (_, i) => i * step);

/** Inits are 12 hours apart, leads and targets 6. */
const axesOf = ({ inits, leads }: Store) => ({
  inits: steps(inits, 12),
  leads: steps(leads, 6),
  valid: steps(2 * (inits - 1) + leads, 6),
});

/** Units of a case that lasts as long as the store. */
export const unitsOf = (store: StoreName): number => stores[store].inits * stores[store].leads;

/** The folder with `forecast.zarr` and `target.zarr`. */
export const storeFolder = async (store: StoreName): Promise<string> => {
  const folder = join(cache, `memory-4-${store}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  await make(part, stores[store]);
  try {
    renameSync(part, folder);
  } catch {
    rmSync(part, { recursive: true, force: true }); // Another test file was quicker.
  }
  return folder;
};

const make = async (folder: string, store: Store): Promise<void> => {
  const { degrees, packed } = store;
  const { inits, leads, valid } = axesOf(store);
  const init = { name: "time", values: [...inits], units: since };
  const lead = { name: "prediction_timedelta", values: [...leads], units: "hours" };
  const fields = Array.from({ length: 6 }, (_, seed) =>
    waveField({ degrees, seed, mean: 285, amplitude: 9, step: 2 ** -9 }),
  );
  if (store.tile !== undefined || store.isOneChunk) {
    const made = (array: ZarrArray, axes: readonly ZarrArray[]) => ({
      arrays: [...axes, ...gridOf(degrees), array],
    });
    const axis = (one: typeof init) => axisOf(one.name, Int32Array.from(one.values), one.units);
    const forecast = join(folder, "forecast.zarr");
    await writeZarr(forecast, made(cut(store, [init, lead], fields), [axis(init), axis(lead)]));
    if (store.isOneChunk) asZlib(forecast, name);
    const time = { ...init, values: [...valid] };
    const target = store.isOneChunk ? { ...store, isOneChunk: false } : store;
    await writeZarr(join(folder, "target.zarr"), made(cut(target, [time], fields), [axis(time)]));
    return;
  }
  const files = fields.map((field, i) => {
    const file = join(folder, `payload-${i}`);
    writeFileSync(file, packed === "blosc" ? bloscFrame(field) : new Uint8Array(field.buffer));
    return file;
  });
  const common = { degrees, whole: [], name, units, packed };
  const chunk = (at: number[], number: number) => ({ at, file: files[number % files.length]! });
  await writeLinkedStore(join(folder, "forecast.zarr"), {
    ...common,
    axes: [init, lead],
    chunks: init.values.flatMap((_, i) => lead.values.map((_, j) => chunk([i, j], i * 5 + j))),
  });
  await writeLinkedStore(join(folder, "target.zarr"), {
    ...common,
    axes: [{ ...init, values: [...valid] }],
    chunks: [...valid].map((_, k) => chunk([k], k * 5 + 3)),
  });
};

const axisOf = (dim: string, values: Int32Array | Float64Array, unit: string): ZarrArray =>
  wholeArray({
    name: dim,
    dims: [dim],
    shape: [values.length],
    dtype: values instanceof Int32Array ? "int32" : "float64",
    attributes: { units: unit },
    values,
  });

const gridOf = (degrees: number): ZarrArray[] => [
  axisOf(
    "latitude",
    Float64Array.from({ length: 180 / degrees + 1 }, (_, i) => 90 - i * degrees),
    "degrees_north",
  ),
  axisOf(
    "longitude",
    Float64Array.from({ length: 360 / degrees }, (_, i) => i * degrees),
    "degrees_east",
  ),
];

/** The variable in tiles, or as one chunk that is not there. */
const cut = (
  { degrees, tile, isOneChunk }: Store,
  axes: readonly { readonly name: string; readonly values: readonly number[] }[],
  fields: readonly Float32Array[],
): ZarrArray => {
  const [rows, columns] = [180 / degrees + 1, 360 / degrees];
  const [height, width] = tile ?? [rows, columns];
  const sizes = axes.map(({ values }) => values.length);
  return {
    name,
    dims: [...axes.map((axis) => axis.name), "latitude", "longitude"],
    shape: [...sizes, rows, columns],
    chunks: [...(isOneChunk ? sizes : sizes.map(() => 1)), height, width],
    dtype: "float32",
    attributes: { units },
    fill: Number.NaN,
    chunk(coords) {
      if (tile === undefined) return undefined;
      const [row, column] = [coords.at(-2)! * height, coords.at(-1)! * width];
      const field = fields[(coords[0]! * 5 + (coords.length === 4 ? coords[1]! : 3)) % fields.length]!;
      const [high, wide] = [Math.min(height, rows - row), Math.min(width, columns - column)];
      const values = new Float32Array(high * wide);
      for (let i = 0; i < high; i++) {
        const from = (row + i) * columns + column;
        values.set(field.subarray(from, from + wide), i * wide);
      }
      return values;
    },
  };
};

export type Bounds = readonly [south: number, north: number, west: number, east: number];

export const globe: Bounds = [-90, 90, -180, 179.75];
/** As a heat wave has it: 105 x 125 cells of 0.25 degrees. */
export const box: Bounds = [39, 65, -136.75, -105.75];

/**
 * Writes a data set with a case for each of the bounds to `folder`; its path.
 *
 * @param sources folders or addresses of forecasts, by name; targets are those of the first
 */
export const dataSet = (
  folder: string,
  sources: Readonly<Record<string, string>>,
  bounds: readonly Bounds[],
): string => {
  const list = bounds.map(
    ([south, north, west, east], i) => `- case_id_number: ${i + 1}
  title: region ${i + 1}
  start_date: 2021-06-01 00:00:00
  end_date: 2021-07-01 00:00:00
  location:
    type: bounded_region
    parameters: { latitude_min: ${south}, latitude_max: ${north}, longitude_min: ${west}, longitude_max: ${east} }
  event_type: heat_wave
`,
  );
  const source = (called: string, address: string) =>
    `  - name: ${called}\n    zarr: ${address}\n    variables: { surface_air_temperature: { name: ${name}, unit: K } }\n`;
  const forecasts = Object.entries(sources).map(([called, address]) =>
    source(called, `${address}/forecast.zarr`),
  );
  writeFileSync(join(folder, "cases.yaml"), list.join(""));
  const file = join(folder, "data.yaml");
  const [first] = Object.values(sources);
  writeFileSync(
    file,
    `name: memory-test\ncases: cases.yaml\nforecasts:\n${forecasts.join("")}` +
      `targets:\n${source("analysis", `${first}/target.zarr`)}`,
  );
  return file;
};
