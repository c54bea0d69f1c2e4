/**
 * `npm run bench -- peer [STORES]`: ExtremeWeatherBench and ewb on the same stores, cases and metrics, side by side; ewb's
 * figures are of the whole process, the peer's wall of its evaluation alone. Required:
 *
 * - heatwave: wall <= 1/10, CPU <= 1/8, peak memory <= 1/6, bytes read <= 0.4 of the chunk files, rows as expected;
 * - heatwave4: wall <= 1/15, read <= 1.0 of what is needed once, rows as expected;
 * - the same with 20 ms a request (the peer's server): wall <= 2 x local, requests <= 1 a chunk.
 *
 * Of ewb's cells (workers 0, 1, 2; default memory and 512 MB) the one that meets most counts, then the quickest; all
 * requirements are of one and the same. `EWB_PEER_VENV` names a virtual environment with the peer, `EWB_PEER_STORES` its
 * stores unless they are named; the peer's scripts are in `peer` of the shared folder (`EWB_SHARED`, default
 * `../shared`). Options: `--only heatwave,heatwave4,http`, `--runs 3` (of each ewb cell), `--peer-runs 1`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { alignedTable } from "./alignedTable.ts";
import { type Figure, publishFigures } from "./figures.ts";
import { type Workload, writePeerDataSet } from "./peerCases.ts";
import { type PeerCell, peerCells } from "./peerCells.ts";
import { peerDifferences } from "./peerDifferences.ts";
import { type PeerBench, peerHttp } from "./peerHttp.ts";
import { peerRequirements } from "./peerRequirements.ts";
import { head, number, rowOf } from "./peerTable.ts";

export const peer = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "3" },
      "peer-runs": { type: "string", default: "1" },
      only: { type: "string", default: "heatwave,heatwave4,http" },
    },
  });
  const scripts = resolve(process.env.EWB_SHARED ?? "../shared", "peer");
  const [venv, stores] = [process.env.EWB_PEER_VENV, positionals[0] ?? process.env.EWB_PEER_STORES];
  const python = join(venv ?? "", "bin/python");
  const missing =
    venv === undefined || !existsSync(python)
      ? "EWB_PEER_VENV names no virtual environment with the peer"
      : stores === undefined || !existsSync(join(stores, "hres.zarr"))
        ? "neither an argument nor EWB_PEER_STORES names a folder of the peer's stores"
        : existsSync(join(scripts, "run_peer.py"))
          ? undefined
          : `${scripts} holds no run_peer.py`;
  if (missing !== undefined || stores === undefined) {
    console.log(`peer: skipped, ${missing}`);
    return;
  }
  const work = mkdtempSync(join(tmpdir(), "ewb-bench-peer-"));
  const counts = { runs: Number(values.runs), peerRuns: Number(values["peer-runs"]) };
  const bench: PeerBench = { python, scripts, stores, work, ...counts, figures: [], notes: [] };
  const wanted = values.only.split(",");
  try {
    if (wanted.includes("heatwave")) await local(bench, "heatwave");
    const four = wanted.includes("heatwave4") ? await local(bench, "heatwave4") : undefined;
    if (wanted.includes("http")) await peerHttp(bench, four);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  publishFigures("peer", bench.figures, bench.notes);
};

/** The peer's line of JSON, the quickest of some runs. */
const runPeer = ({ python, scripts, stores, work, peerRuns }: PeerBench, workload: Workload) => {
  const csv = join(work, "peer.csv");
  const words = [join(scripts, "run_peer.py"), stores, workload, "--rows", csv];
  const lines = Array.from({ length: peerRuns }, () =>
    JSON.parse(
      execFileSync(python, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
        .trim()
        .split("\n")
        .at(-1)!,
    ),
  );
  const line = lines.reduce((a, b) => (b.wall_s < a.wall_s ? b : a));
  return { line, rows: peerDifferences(csv, join(scripts, `expected/${workload}.csv`)) };
};

const local = async (bench: PeerBench, workload: Workload): Promise<PeerCell> => {
  const { figures, notes, scripts, stores, work, runs } = bench;
  const { line, rows } = runPeer(bench, workload);
  const data = writePeerDataSet(work, workload, stores);
  const expected = join(scripts, `expected/${workload}.csv`);
  const cells = await peerCells({ data, expected, runs });
  const needed = line.needed_mb;
  const judged = cells.map((cell) => peerRequirements(workload, line, cell));
  const met = (one: readonly Figure[]) => one.filter((figure) => figure.met).length;
  const chosen = judged.reduce((best, one, i) => {
    const more = met(one) - met(judged[best]!);
    return more > 0 || (more === 0 && cells[i]!.best.wall < cells[best]!.best.wall) ? i : best;
  }, 0);
  figures.push(...judged[chosen]!);
  const theirs = [
    ...[
      `peer ${line.versions.extremeweatherbench}`,
      "-",
      "1",
      number(line.wall_s, 2),
      "",
      number(line.cpu_s, 2),
    ],
    ...[number(line.peak_rss_mb, 0), number(line.peak_pss_mb, 0), number(line.read_mb, 0)],
    ...[number(line.amplification, 2), "", number(line.load_1m), rows],
  ];
  const table = [theirs, ...cells.map((cell) => rowOf(cell, needed))];
  const told = `${workload}: ${needed} MB in ${line.needed_chunks} chunk files are needed`;
  notes.push("", told, `the peer's whole process: ${number(line.total_wall_s)} s`, alignedTable(head, table));
  return cells[chosen]!;
};
