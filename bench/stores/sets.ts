/**
 * The bench's data sets:
 *
 * | data set | forecast | target | chunk decoded | decoded in all |
 * |---|---|---|---|---|
 * | surface | 55 inits x 41 leads | 69 times | 4.15 MB, blosc-lz4 | 6.2 GB in the case (1415 + 69 fields) |
 * | levels | 6 inits x 15 leads, 13 levels | 25 times, 13 levels | 54 MB, blosc-lz4 | 6.2 GB (90 + 25 chunks) |
 * | latency | 20 inits x 40 leads | 78 times | 4.15 MB, uncompressed | 3.6 GB |
 * | compute | 6 inits x 20 leads, 2.5 degrees | 30 times | 42 kB, uncompressed | 6 MB |
 * | small | 40 inits x 41 leads, 2.25 degrees | 119 times | 52 kB, uncompressed | 91 MB (1759 chunks) |
 * | gaps | 16 inits x 41 leads, 10 % missing | 71 times | 4.15 MB, uncompressed | 3.0 GB |
 * | zstd | 8 inits x 21 leads | 35 times | 4.15 MB, zstd | 0.84 GB |
 * | amplification | 20 inits x 41 leads | 79 times, twice | 4.15 MB, blosc-lz4 | 4.1 GB |
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import { levels } from "../levelNames.ts";
import type { Packing } from "./packed.ts";

export type SetName =
  | "surface"
  | "levels"
  | "latency"
  | "compute"
  | "small"
  | "gaps"
  | "zstd"
  | "amplification";

export interface DataSet {
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
  readonly packed: Packing;
  /** Share of places that are missing; none unless said. */
  readonly missing?: number;
  /** A second store of targets, `second.zarr`: arrays of its own with the same bytes. */
  readonly second?: boolean;
  /** How many payloads are made of forecast and of target where there is no peer. */
  readonly payloads: number;
  /** The peer's arrays that stand in for both. */
  readonly peer?: { readonly forecast: string; readonly target: string };
}

/** `count` numbers from `first`, `step` apart. */
export const steps = (first: number, step: number, count: number) =>
  Array.from({ length: count }, (_, i) => first + i * step);

const day = 24;
const temperature = { name: "2m_temperature", units: "K", field: { mean: 285, amplitude: 9, step: 2 ** -9 } };

export const sets: Readonly<Record<SetName, DataSet>> = {
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
  small: {
    ...temperature,
    degrees: 2.25,
    inits: steps(9 * day, 12, 40),
    leads: steps(0, 6, 41),
    from: 9 * day,
    to: 38 * day + 12,
    packed: "none",
    payloads: 6,
  },
  gaps: {
    ...temperature,
    degrees: 0.25,
    inits: steps(9 * day, 12, 16),
    leads: steps(0, 6, 41),
    from: 9 * day,
    to: 26 * day + 12,
    packed: "none",
    missing: 0.1,
    payloads: 6,
  },
  zstd: {
    ...temperature,
    degrees: 0.25,
    inits: steps(9 * day, 12, 8),
    leads: steps(0, 6, 21),
    from: 9 * day,
    to: 17 * day + 12,
    packed: "zstd",
    payloads: 4,
  },
  amplification: {
    ...temperature,
    degrees: 0.25,
    inits: steps(9 * day, 12, 20),
    leads: steps(0, 6, 41),
    from: 9 * day,
    to: 28 * day + 12,
    packed: "blosc",
    second: true,
    payloads: 12,
    peer: { forecast: "hres.zarr/2m_temperature", target: "era5.zarr/2m_temperature" },
  },
};

export const validTimes = (set: DataSet) => steps(set.from, 6, (set.to - set.from) / 6 + 1);

/** Chunk files that the case needs, each key once: bytes stored and decoded. */
export const needed = (folder: string, set: DataSet) => {
  const { levels, name, degrees } = set;
  const files = chunkUnits(folder, set).flatMap(({ target, forecasts }) => [
    ...[target, ...forecasts],
    ...(set.second ? [target.replace(join("target.zarr", name), join("second.zarr", name))] : []),
  ]);
  const chunk = (Math.round(180 / degrees) + 1) * Math.round(360 / degrees) * 4 * (levels?.length ?? 1);
  return {
    stored: files.reduce((sum, file) => sum + statSync(file).size, 0),
    decoded: files.length * chunk,
    chunks: files.length,
  };
};

export interface ChunkUnit {
  readonly target: string;
  readonly forecasts: readonly string[];
}

/** Chunk files by valid time: of the target, and of all forecasts for that time. */
export const chunkUnits = (folder: string, { inits, leads, levels, name, ...set }: DataSet): ChunkUnit[] => {
  const tail = levels === undefined ? ".0.0" : ".0.0.0";
  return steps(set.from, 6, (set.to - set.from) / 6 + 1).map((hour, k) => ({
    target: join(folder, "target.zarr", name, `${k}${tail}`),
    forecasts: inits.flatMap((init, i) => {
      const j = leads.indexOf(hour - init);
      return j < 0 ? [] : [join(folder, "forecast.zarr", name, `${i}.${j}${tail}`)];
    }),
  }));
};

/** First and last valid hour (since 2021-06-01) of what a data set is evaluated on. */
export const evaluated = (name: SetName): readonly [number, number] => [sets[name].from, sets[name].to];
