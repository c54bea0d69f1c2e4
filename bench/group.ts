/**
 * `npm run bench -- group`: runs in a memory group of 384 MB without swap, with `--workers 0` and 1, `--memory` not
 * given (the program finds the limit itself) and given as 384MB. Required: no run is killed and all rows are equal.
 *
 * Options: `--runs 20` (of each), `--limit 384MB`, `--leads 0..48`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseBytes } from "../src/runtime/byteSize.ts";
import { runInGroup } from "../test/memory/group.ts";
import { alignedTable } from "./alignedTable.ts";
import { writeDataSet } from "./dataSetText.ts";
import { storesFolder } from "./memoryOptions.ts";
import { programName, streamArguments } from "./oneRun.ts";
import { rowsHash } from "./rowsHash.ts";
import { benchStores } from "./stores/benchStores.ts";

const head = [
  "--memory",
  "workers",
  "runs",
  "whole",
  "killed",
  "failed",
  "rows",
  "wall s",
  "peak MB",
  "charged MB",
  "limit met",
  "group",
];

export const group = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "20" },
      limit: { type: "string", default: "384MB" },
      leads: { type: "string", default: "0..48" },
    },
  });
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES);
  const work = mkdtempSync(join(tmpdir(), "ewb-bench-group-"));
  const data = writeDataSet(work, "surface", "globe", join(stores.folder, "surface"));
  const limit = parseBytes(values.limit);
  const rows: string[][] = [];
  const hashes = new Set<string>();
  const said = new Set<string>();
  for (const memory of [undefined, values.limit]) {
    for (const workers of [0, 1]) {
      const sum = { whole: 0, killed: 0, failed: 0, wall: 0, peak: 0, charged: 0, limitMet: 0, kind: "" };
      const found = new Set<string>();
      for (let turn = 0; turn < Number(values.runs); turn++) {
        const out = join(work, "out");
        const options = {
          pipeline: "bench/pipelines/surface.ts",
          data,
          workers,
          more: ["--leads", values.leads],
        };
        const words = streamArguments({ ...options, ...(memory === undefined ? {} : { memory }) }, out);
        const one = await runInGroup(process.execPath, words, { limit });
        const hash = one.code === 0 ? await rowsHash(join(out, "rows.parquet")) : undefined;
        rmSync(out, { recursive: true, force: true });
        if (hash !== undefined) found.add(`${hash.rows} ${hash.hash}`);
        if (one.killed) sum.killed += 1;
        else if (one.code === 0) sum.whole += 1;
        else {
          sum.failed += 1;
          said.add(
            one.err.trim().split("\n").at(-1) ||
              one.out.trim().split("\n").at(-1)?.slice(0, 300) ||
              `exit ${one.code}`,
          );
        }
        sum.wall += one.seconds;
        sum.peak = Math.max(sum.peak, one.memory.peakRss);
        sum.charged = Math.max(sum.charged, one.charged ?? 0);
        sum.limitMet += one.limitMet ?? 0;
        sum.kind = one.kind;
        process.stderr.write(one.killed ? "K" : one.code === 0 ? "." : "F");
      }
      for (const hash of found) hashes.add(hash);
      rows.push([
        memory ?? "not given",
        ...[workers, values.runs, sum.whole, sum.killed, sum.failed].map(String),
        [...found].join(" | ") || "-",
        (sum.wall / Number(values.runs)).toFixed(1),
        (sum.peak / 1e6).toFixed(0),
        (sum.charged / 1e6).toFixed(0),
        ...[`${sum.limitMet}`, sum.kind],
      ]);
    }
  }
  rmSync(work, { recursive: true, force: true });
  const kills = rows.reduce((total, row) => total + Number(row[4]), 0);
  const verdict =
    kills === 0 && hashes.size === 1 && said.size === 0
      ? "ok: no kill, no failure, all rows equal"
      : `MISSED: ${kills} kills, ${hashes.size} different tables${[...said].map((text) => `\n  ${text}`).join("")}`;
  const text = `program: ${programName()}, a group of ${values.limit} without swap, leads ${values.leads}\n\n${alignedTable(head, rows)}\n\n${verdict}\n`;
  console.log(`\n${text}`);
  mkdirSync("bench/results", { recursive: true });
  writeFileSync(`bench/results/group-${hostname()}-node${process.versions.node}.txt`, text);
};
