/** A cell of the memory bench: one store, budget and number of workers, run once or more. */
import { join } from "node:path";
import { parseBytes } from "../src/runtime/byteSize.ts";
import { type RegionName, writeDataSet } from "./dataSetText.ts";
import type { Asked } from "./memoryOptions.ts";
import { rowOf } from "./memoryReport.ts";
import { type OneRun, oneRun } from "./oneRun.ts";
import type { BenchStores } from "./stores/benchStores.ts";
import type { SetName } from "./stores/sets.ts";

export interface Cell {
  readonly store: string;
  readonly memory: string;
  readonly workers: number;
  readonly result: OneRun;
  readonly amplification: number | undefined;
  readonly marks: string[];
}

export interface Bench {
  readonly asked: Asked;
  readonly stores: BenchStores;
  readonly work: string;
  readonly cells: Cell[];
  readonly lines: string[];
}

interface CellSetting {
  readonly store: string;
  readonly set: SetName;
  readonly region: RegionName;
  readonly memory: string;
  readonly workers: number;
  readonly address?: string;
}

export const cell = async (bench: Bench, setting: CellSetting): Promise<Cell> => {
  const { store, set, region, memory, workers, address } = setting;
  const data = writeDataSet(join(bench.work, store), set, region, address ?? join(bench.stores.folder, set));
  const pipeline = `bench/pipelines/${set === "latency" ? "surface" : set}.ts`;
  const more = set === "surface" || set === "levels" ? bench.asked.more : [];
  const runs: OneRun[] = [];
  while (runs.length < bench.asked.repeat) runs.push(await oneRun({ pipeline, data, memory, workers, more }));
  const result = worst(runs);
  const whole = more.length === 0 && region !== "eight";
  const { bytesRead, amplification } = result;
  const one: Cell = {
    ...{ store, memory, workers, result, marks: [] },
    amplification:
      amplification ??
      (bytesRead !== undefined && whole ? bytesRead / bench.stores.needed(set).stored : undefined),
  };
  if (result.failed !== undefined)
    one.marks.push(`FAILED ${result.failed.replaceAll(bench.stores.folder, "STORES").slice(0, 160)}`);
  if (result.peakRss > parseBytes(memory)) one.marks.push("PEAK");
  bench.cells.push(one);
  process.stderr.write(`${rowOf(one).join("  ")}\n`);
  return one;
};

/** Of several runs of a cell: a failed one, else the quickest with the largest peak, without a hash where they differ. */
const worst = (runs: readonly OneRun[]): OneRun => {
  const failed = runs.find((run) => run.failed !== undefined);
  if (failed !== undefined) return failed;
  const quickest = runs.reduce((a, b) => (b.wall < a.wall ? b : a));
  const highest = runs.reduce((a, b) => (b.peakRss > a.peakRss ? b : a));
  const differs = new Set(runs.map(({ hash }) => hash)).size > 1;
  return {
    ...quickest,
    peakRss: highest.peakRss,
    curve: highest.curve,
    hash: differs ? undefined : quickest.hash,
  };
};

export const find = (cells: readonly Cell[], memory: string, workers: number): Cell | undefined =>
  cells.find((one) => one.memory === memory && one.workers === workers);

/** How many times as long the first took as the second; undefined unless both ended well. */
export const ratio = (one: Cell | undefined, other: Cell | undefined): number | undefined =>
  one === undefined ||
  other === undefined ||
  one.result.failed !== undefined ||
  other.result.failed !== undefined
    ? undefined
    : one.result.wall / other.result.wall;
