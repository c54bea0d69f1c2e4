/**
 * `npm run bench -- memory`: the one memory number, shown. For each store, budget and number of workers one run of
 * the built program: peak of the process tree, wall, rows. The cases are the globe, so that all of every chunk is
 * needed. Required, and marked where missed:
 *
 * - `PEAK`: the tree's resident size stays below `--memory` in every cell;
 * - `ROWS`: the rows are the same to the bit in all cells of a store;
 * - `SLOW`: 512 MB takes at most 1.3 times as long as 8 GB with the same workers;
 * - levels at 256 MB run within it, or are refused by `ewb plan`, by name;
 * - behind 200 ms of latency 2 GB is at least 3 times as fast as 256 MB;
 * - 2 workers are at least 1.6 times as fast as 1 where computing takes the time;
 * - what is admitted reaches 70 % of the budget while work waits for memory.
 *
 * Options: `--quick` (few cells, few chunks), `--only surface,levels,latency,compute`, `--budgets 256MB,8GB`,
 * `--workers 0,2`, `--leads 0..48`, `--repeat 3` (each cell so often: the least wall, the largest peak, equal rows).
 * Wall times mean something only while the load stays below the number of cores: the column `load` says it. `EWB_PEER_STORES` names stores of the peer's generator to take chunks from,
 * `EWB_BENCH_STORES` the folder for the bench's stores (default: in the system's temporary folder).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseBytes } from "../src/runtime/byteSize.ts";
import { type Bench, type Cell, cell, find, ratio } from "./memoryCell.ts";
import { read, storesFolder, wants } from "./memoryOptions.ts";
import { gb, publish, say, show } from "./memoryReport.ts";
import { admission, compute, latency, smallest } from "./memoryRequirements.ts";
import { programName } from "./oneRun.ts";
import { benchStores } from "./stores/benchStores.ts";
import type { SetName } from "./stores/sets.ts";

export const memory = async (args: readonly string[]): Promise<void> => {
  const asked = read(args);
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES);
  const work = mkdtempSync(join(tmpdir(), "ewb-bench-data-"));
  const bench = { asked, stores, work, cells: [] as Cell[], lines: [] as string[] };
  say(
    bench,
    `program: ${programName()}, node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model}`,
  );
  say(bench, `load ${loadavg()[0]!.toFixed(1)}, ${stores.payloads}`);
  for (const set of ["surface", "levels", "latency"] as const) {
    const { stored, decoded, chunks } = stores.needed(set);
    say(bench, `${set}: ${chunks} chunks needed, each once: ${gb(stored)} stored, ${gb(decoded)} decoded`);
  }
  try {
    if (wants(asked, "surface")) await matrix(bench, "surface", asked.budgets);
    if (wants(asked, "levels")) {
      const from = asked.budgets.filter((one) => parseBytes(one) >= 512e6);
      await matrix(bench, "levels", asked.quick ? from.slice(0, 1) : from);
      await smallest(bench);
    }
    if (wants(asked, "latency")) await latency(bench);
    if (wants(asked, "compute")) await compute(bench);
    admission(bench);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  publish(bench, args);
};

/** One store at several budgets and numbers of workers. */
const matrix = async (bench: Bench, set: SetName, budgets: readonly string[]): Promise<void> => {
  const cells: Cell[] = [];
  for (const memory of budgets) {
    for (const workers of bench.asked.workers) {
      cells.push(await cell(bench, { store: set, set, region: "globe", memory, workers }));
    }
  }
  const first = cells.find(({ result }) => result.failed === undefined);
  for (const one of cells) {
    const { failed, hash } = one.result;
    if (failed === undefined && (hash === undefined || hash !== first?.result.hash)) one.marks.push("ROWS");
    const widest = find(cells, "8GB", one.workers);
    const slow = one.memory === "512MB" ? ratio(one, widest) : undefined;
    if (slow === undefined || widest === undefined) continue;
    const work = (one.result.cpu / widest.result.cpu).toFixed(2);
    say(
      bench,
      `${slow > 1.3 ? "MISSED" : "ok    "} ${set}, ${one.workers} workers: 512MB takes ${slow.toFixed(2)} x the wall of 8GB ` +
        `(at most 1.3) and ${work} x its processor time`,
    );
    if (slow > 1.3) one.marks.push(`SLOW ${slow.toFixed(2)} x`);
  }
  if (cells.length > 0) show(bench, cells);
};
