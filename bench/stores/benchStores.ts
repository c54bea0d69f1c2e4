/**
 * The bench's stores, made once in a folder of their own; what they hold is in sets.ts.
 *
 * Chunks are links to payloads: to the chunks of the peer's generator where `EWB_PEER_STORES` names its stores
 * (nearly every chunk then has bytes of its own), else to a few fields made here. Every chunk needed is one key,
 * needed once; nothing is read twice to make the sum up.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveOut } from "./leaveOut.ts";
import { type LinkedStore, writeLinkedStore } from "./linkedStore.ts";
import { packed } from "./packed.ts";
import {
  type ChunkUnit,
  chunkUnits,
  type DataSet,
  needed,
  type SetName,
  sets,
  steps,
  validTimes,
} from "./sets.ts";
import { waveField } from "./waveField.ts";

export interface BenchStores {
  readonly folder: string;
  /** What the payloads are, in words. */
  readonly payloads: string;
  /** Bytes of the chunk files of a data set, each key once: stored, and decoded. */
  needed(set: SetName): { readonly stored: number; readonly decoded: number; readonly chunks: number };
  /** These files by valid time. */
  units(set: SetName): readonly ChunkUnit[];
}

/** Makes of the named ones what is not there yet. `peer`: the folder of the peer's stores, or undefined. */
export const benchStores = async (
  folder: string,
  peer: string | undefined,
  names: readonly SetName[] = ["surface", "levels", "latency", "compute"],
): Promise<BenchStores> => {
  const home = join(folder, peer === undefined ? "own-1" : "peer-1");
  for (const name of names) {
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
    units: (name) => chunkUnits(join(home, name), sets[name]),
  };
};

const make = async (folder: string, set: DataSet, peer: string | undefined): Promise<void> => {
  const { degrees, inits, leads, levels, name, units } = set;
  const shared = peer !== undefined && set.peer !== undefined ? set.peer : undefined;
  const files = (side: "forecast" | "target") =>
    shared === undefined
      ? payloads(join(folder, `payloads-${side}`), set, side)
      : chunkFiles(join(peer!, shared[side]));
  const times = validTimes(set);
  const since = "hours since 2021-06-01";
  const level = levels === undefined ? [] : [{ name: "level", values: levels, units: "hPa" }];
  const common = { degrees, whole: ["level"], name, units, packed: set.packed };
  const [forecasts, targets] = [await files("forecast"), await files("target")];
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
  for (const name of set.second ? ["target", "second"] : ["target"])
    await writeLinkedStore(join(folder, `${name}.zarr`), target);
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

const payloads = async (folder: string, set: DataSet, side: "forecast" | "target"): Promise<string[]> => {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const index of steps(0, 1, set.payloads)) {
    const file = join(folder, `${index}`);
    files.push(file);
    if (existsSync(file)) continue;
    const layers = set.levels?.length ?? 1;
    const seed = (layer: number) => (index * layers + layer) * 2 + (side === "forecast" ? 0 : 1);
    const fields = steps(0, 1, layers).map((layer) =>
      waveField({ degrees: set.degrees, seed: seed(layer), ...set.field }),
    );
    const values = new Float32Array(fields.reduce((sum, { length }) => sum + length, 0));
    for (const [layer, field] of fields.entries()) values.set(field, layer * field.length);
    if (set.missing !== undefined) leaveOut(values, set.missing, index);
    writeFileSync(`${file}.part`, await packed(values, set.packed));
    renameSync(`${file}.part`, file);
  }
  return files;
};
