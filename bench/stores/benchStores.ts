/**
 * The bench's stores, made once in a folder of their own:
 *
 * | data set | forecast | target | chunk decoded | decoded in all |
 * |---|---|---|---|---|
 * | surface | 55 inits x 41 leads | 69 times | 4.15 MB, blosc-lz4 | 6.2 GB in the case (1415 + 69 fields) |
 * | levels | 6 inits x 15 leads, 13 levels | 25 times, 13 levels | 54 MB, blosc-lz4 | 6.2 GB (90 + 25 chunks) |
 * | latency | 20 inits x 40 leads | 78 times | 4.15 MB, uncompressed | 3.6 GB |
 * | compute | 6 inits x 20 leads, 2.5 degrees | 30 times | 42 kB, uncompressed | 6 MB |
 *
 * Chunks are links to payloads: to the chunks of the peer's generator where `EWB_PEER_STORES` names its stores
 * (nearly every chunk then has bytes of its own), else to a few fields made here. Every chunk needed is one key,
 * needed once; nothing is read twice to make the sum up.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { levels } from "../levelNames.ts";
import { bloscFrame } from "./bloscFrame.ts";
import { type LinkedStore, writeLinkedStore } from "./linkedStore.ts";
import { waveField } from "./waveField.ts";

export interface BenchStores {
  readonly folder: string;
  /** What the payloads are, in words. */
  readonly payloads: string;
  /** Bytes of the chunk files of a data set, each key once: stored, and decoded. */
  needed(set: SetName): { readonly stored: number; readonly decoded: number; readonly chunks: number };
}

export type SetName = "surface" | "levels" | "latency" | "compute";

interface DataSet {
  readonly degrees: number;
  /** Hours since 2021-06-01. */
  readonly inits: readonly number[];
  readonly leads: readonly number[];
  /** First and last valid hour of the case (since 2021-06-01): chunks within are needed. */
  readonly from: number;
  readonly to: number;
  readonly levels?: readonly number[];
  readonly name: string;
  readonly units: string;
  readonly field: { readonly mean: number; readonly amplitude: number; readonly step: number };
  readonly packed: "blosc" | "none";
  /** How many payloads are made of forecast and of target where there is no peer. */
  readonly payloads: number;
  /** The peer's arrays that stand in for both. */
  readonly peer?: { readonly forecast: string; readonly target: string };
}

/** `count` numbers from `first`, `step` apart. */
const steps = (first: number, step: number, count: number) =>
  Array.from({ length: count }, (_, i) => first + i * step);

const day = 24;
const temperature = { name: "2m_temperature", units: "K", field: { mean: 285, amplitude: 9, step: 2 ** -9 } };

const sets: Readonly<Record<SetName, DataSet>> = {
  surface: {
    ...temperature,
    degrees: 0.25,
    inits: steps(9 * day, 12, 55),
    leads: steps(0, 6, 41),
    from: 19 * day,
    to: 36 * day,
    packed: "blosc",
    payloads: 12,
    peer: { forecast: "hres.zarr/2m_temperature", target: "era5.zarr/2m_temperature" },
  },
  levels: {
    degrees: 0.25,
    inits: steps(19 * day, 12, 6),
    leads: steps(0, 6, 15),
    from: 19 * day,
    to: 25 * day,
    levels,
    name: "u_component_of_wind",
    units: "m s**-1",
    field: { mean: 5, amplitude: 16, step: 2 ** -8 },
    packed: "blosc",
    payloads: 3,
    peer: {
      forecast: "hres-levels.zarr/u_component_of_wind",
      target: "era5-levels.zarr/u_component_of_wind",
    },
  },
  latency: {
    ...temperature,
    degrees: 0.25,
    inits: steps(9 * day, 12, 20),
    leads: steps(0, 6, 40),
    from: 9 * day,
    to: 28 * day + 6,
    packed: "none",
    payloads: 6,
  },
  compute: {
    ...temperature,
    degrees: 2.5,
    inits: steps(9 * day, 12, 6),
    leads: steps(0, 6, 20),
    from: 9 * day,
    to: 16 * day + 6,
    packed: "none",
    payloads: 6,
  },
};

const validTimes = (set: DataSet) => steps(set.from, 6, (set.to - set.from) / 6 + 1);

/** Makes what is not there yet. `peer`: the folder of the peer's stores, or undefined. */
export const benchStores = async (folder: string, peer: string | undefined): Promise<BenchStores> => {
  const home = join(folder, peer === undefined ? "own-1" : "peer-1");
  for (const name of Object.keys(sets) as SetName[]) {
    const ready = join(home, `${name}.ready`);
    if (existsSync(ready)) continue;
    await make(join(home, name), sets[name], peer);
    writeFileSync(ready, "");
  }
  return {
    folder: home,
    payloads:
      peer === undefined
        ? `chunks are links to ${sets.surface.payloads} + ${sets.surface.payloads} surface and ${sets.levels.payloads} + ${sets.levels.payloads} level payloads made here`
        : "chunks are links to those of the peer's generator (latency and compute: made here)",
    needed: (name) => needed(join(home, name), sets[name]),
  };
};

const make = async (folder: string, set: DataSet, peer: string | undefined): Promise<void> => {
  const { degrees, inits, leads, levels, name, units, packed } = set;
  const shared = peer !== undefined && set.peer !== undefined ? set.peer : undefined;
  const files = (side: "forecast" | "target") =>
    shared === undefined
      ? payloads(join(folder, `payloads-${side}`), set, side)
      : chunkFiles(join(peer!, shared[side]));
  const times = validTimes(set);
  const since = "hours since 2021-06-01";
  const level = levels === undefined ? [] : [{ name: "level", values: levels, units: "hPa" }];
  const common = { degrees, whole: ["level"], name, units, packed };
  const [forecasts, targets] = [files("forecast"), files("target")];
  const forecast: LinkedStore = {
    ...common,
    axes: [
      { name: "time", values: inits, units: since },
      { name: "prediction_timedelta", values: leads, units: "hours" },
      ...level,
    ],
    chunks: inits.flatMap((_, i) =>
      leads.map((_, j) => ({ at: [i, j], file: forecasts[(i * leads.length + j) % forecasts.length]! })),
    ),
  };
  const target: LinkedStore = {
    ...common,
    axes: [{ name: "time", values: times, units: since }, ...level],
    chunks: times.map((_, k) => ({
      at: [k],
      file: targets[(k * targetStride(targets.length)) % targets.length]!,
    })),
  };
  mkdirSync(folder, { recursive: true });
  await writeLinkedStore(join(folder, "forecast.zarr"), forecast);
  await writeLinkedStore(join(folder, "target.zarr"), target);
};

/** Of hourly payloads every sixth, as the leads are; of a few, each in turn. */
const targetStride = (count: number): number => (count > 100 ? 6 : 1);

/** Chunk files of the peer's array, in the order of their coordinates. */
const chunkFiles = (array: string): string[] =>
  readdirSync(array)
    .filter((name) => /^\d/.test(name))
    .map((name) => ({ name, at: name.split(".").map(Number) }))
    .sort((a, b) => a.at[0]! - b.at[0]! || a.at[1]! - b.at[1]!)
    .map(({ name }) => join(array, name));

const payloads = (folder: string, set: DataSet, side: "forecast" | "target"): string[] => {
  mkdirSync(folder, { recursive: true });
  return steps(0, 1, set.payloads).map((index) => {
    const file = join(folder, `${index}`);
    if (existsSync(file)) return file;
    const layers = set.levels?.length ?? 1;
    const seed = (layer: number) => (index * layers + layer) * 2 + (side === "forecast" ? 0 : 1);
    const fields = steps(0, 1, layers).map((layer) =>
      waveField({ degrees: set.degrees, seed: seed(layer), ...set.field }),
    );
    const values = new Float32Array(fields.reduce((sum, { length }) => sum + length, 0));
    for (const [layer, field] of fields.entries()) values.set(field, layer * field.length);
    writeFileSync(
      `${file}.part`,
      set.packed === "blosc" ? bloscFrame(values) : new Uint8Array(values.buffer),
    );
    renameSync(`${file}.part`, file);
    return file;
  });
};

const needed = (folder: string, set: DataSet) => {
  const { inits, leads, levels, name, degrees } = set;
  const tail = levels === undefined ? ".0.0" : ".0.0.0";
  const isIn = (hour: number) => hour >= set.from && hour <= set.to;
  const files = [
    ...inits.flatMap((init, i) =>
      leads.flatMap((lead, j) => (isIn(init + lead) ? [`forecast.zarr/${name}/${i}.${j}${tail}`] : [])),
    ),
    ...validTimes(set).map((_, k) => `target.zarr/${name}/${k}${tail}`),
  ];
  const chunk = (Math.round(180 / degrees) + 1) * Math.round(360 / degrees) * 4 * (levels?.length ?? 1);
  return {
    stored: files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0),
    decoded: files.length * chunk,
    chunks: files.length,
  };
};

/** First and last valid hour (since 2021-06-01) of what a data set is evaluated on. */
export const evaluated = (name: SetName): readonly [number, number] => [sets[name].from, sets[name].to];
