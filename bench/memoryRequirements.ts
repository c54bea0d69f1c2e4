/** Requirements that are more than one cell of the table. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeDataSet } from "./dataSetText.ts";
import { type Bench, type Cell, cell, find, ratio } from "./memoryCell.ts";
import { say, show } from "./memoryReport.ts";
import { programPath } from "./oneRun.ts";
import { slowServer } from "./slowServer.ts";

/** Levels at 256 MB: a run within it, or a refusal by name. */
export const smallest = async (bench: Bench): Promise<void> => {
  const set = "levels";
  const data = writeDataSet(join(bench.work, set), set, "globe", join(bench.stores.folder, set));
  const args = [programPath(), "plan", "bench/pipelines/levels.ts", "--data", data, "--memory", "256MB"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status === 0) {
    const one = await cell(bench, { store: set, set, region: "globe", memory: "256MB", workers: 0 });
    show(bench, [one]);
    say(
      bench,
      `${one.marks.length === 0 ? "ok    " : "MISSED"} levels at 256MB: ${one.marks.join(", ") || "runs within it"}`,
    );
    return;
  }
  const said = `${stdout}${stderr}`.split("\n").filter((line) => /would fail|^ewb:/.test(line));
  const named = /eastward_wind/.test(said.join(" ")) && /case 1|globe 1/.test(said.join(" "));
  say(
    bench,
    `${named ? "ok    " : "MISSED"} plan of levels at 256MB: exit ${status}; ${said[0]?.replaceAll(bench.stores.folder, "STORES") ?? "nothing said"}`,
  );
};

export const latency = async (bench: Bench): Promise<void> => {
  const server = await slowServer(join(bench.stores.folder, "latency"), 200);
  try {
    const cells: Cell[] = [];
    for (const memory of ["256MB", "2GB"]) {
      for (const workers of bench.asked.workers.filter((count) => count > 0 || bench.asked.quick)) {
        const setting = { store: "latency", set: "latency", region: "globe", memory, workers } as const;
        cells.push(await cell(bench, { ...setting, address: server.address }));
      }
    }
    for (const one of cells.filter(({ memory }) => memory === "2GB")) {
      need(
        bench,
        `latency 200 ms, ${one.workers} workers: 2GB against 256MB`,
        ratio(find(cells, "256MB", one.workers), one),
        3,
      );
    }
    show(bench, cells);
  } finally {
    server.stop();
  }
};

export const compute = async (bench: Bench): Promise<void> => {
  for (const region of ["globe", "eight"] as const) {
    const cells: Cell[] = [];
    for (const workers of [1, 2]) {
      const store = region === "globe" ? "compute" : "compute-8";
      cells.push(await cell(bench, { store, set: "compute", region, memory: "1GB", workers }));
    }
    const name = region === "globe" ? "one case" : "eight cases";
    need(bench, `compute-bound, ${name}: 2 workers against 1`, ratio(cells[0], cells[1]), 1.6);
    show(bench, cells);
  }
};

/** How much of the budget was used while work waited for it: in each store, the cell that used most. */
export const admission = (bench: Bench): void => {
  const told = bench.cells.filter(({ result }) => result.admitted !== undefined);
  if (told.length === 0) say(bench, "admitted while work waits for memory: no cell has to wait for it");
  for (const one of told) {
    const share = one.result.admitted! * 100;
    const met = share >= 70;
    if (!met) one.marks.push(`ADMITTED ${share.toFixed(0)} %`);
    say(
      bench,
      `${met ? "ok    " : "MISSED"} ${one.store} ${one.memory} w${one.workers}: ${share.toFixed(0)} % admitted while work waits for memory (70)`,
    );
  }
};

const need = (bench: Bench, what: string, found: number | undefined, least: number): void => {
  const met = found !== undefined && found >= least;
  say(bench, `${met ? "ok    " : "MISSED"} ${what}: ${found?.toFixed(2) ?? "?"} x (at least ${least})`);
};
