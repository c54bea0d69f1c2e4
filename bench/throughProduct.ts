/** A figure through `ewb stream`: the best of some runs on one of the bench's stores. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RegionName, writeDataSet } from "./dataSetText.ts";
import { type OneRun, oneRun } from "./oneRun.ts";
import type { BenchStores } from "./stores/benchStores.ts";
import type { SetName } from "./stores/sets.ts";

export interface Through extends OneRun {
  /** Seconds by the run's own clock: process start excluded. */
  readonly inside: number;
}

export interface ThroughOptions {
  readonly stores: BenchStores;
  readonly set: SetName;
  readonly region: RegionName;
  readonly workers: number;
  readonly memory?: string;
  readonly runs?: number;
  /** Where the stores are served; default: the folder. */
  readonly address?: string;
  readonly pipeline?: string;
}

/** The quickest run. Throws where one fails. */
export const throughProduct = async (options: ThroughOptions): Promise<Through> => {
  const { stores, set, region, workers, memory, runs = 3, address = join(stores.folder, set) } = options;
  const { pipeline = "rootMeanSquared" } = options;
  const folder = mkdtempSync(join(tmpdir(), "ewb-bench-"));
  try {
    const data = writeDataSet(folder, set, region, address);
    let best: Through | undefined;
    for (let i = 0; i < runs; i++) {
      const one = await oneRun({
        ...{ pipeline: `bench/pipelines/${pipeline}.ts`, data, workers },
        ...(memory === undefined ? {} : { memory }),
      });
      if (one.failed !== undefined || one.inside === undefined)
        throw new Error(`ewb stream on ${set}, ${region}: ${one.failed ?? "no clock"}`);
      if (best === undefined || one.inside < best.inside!) best = { ...one, inside: one.inside };
    }
    return best!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
