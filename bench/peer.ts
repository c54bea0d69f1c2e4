/**
 * `npm run bench -- peer`: ExtremeWeatherBench and ewb on the same stores, case and metrics, in one table.
 *
 * `EWB_PEER_VENV` names a virtual environment with the peer, `EWB_PEER_STORES` the stores of its generator; the
 * peer's scripts are in `peer` of the shared folder (`EWB_SHARED`, default `../shared`). See the README there.
 * Options: `--runs 1`, `--workload heatwave`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { alignedTable } from "./alignedTable.ts";
import { oneRun, resultFiles } from "./oneRun.ts";
import { peerDifferences } from "./peerDifferences.ts";

const head = [
  "program",
  "memory",
  "parallel",
  "wall s",
  "inside s",
  "cpu s",
  "peak RSS MB",
  "peak PSS MB",
  "read MB",
  "ampl.",
  "rows",
  "against expected",
];

export const peer = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: "string", default: "1" } } });
  const scripts = resolve(process.env.EWB_SHARED ?? "../shared", "peer");
  const [venv, stores] = [process.env.EWB_PEER_VENV, process.env.EWB_PEER_STORES];
  const python = join(venv ?? "", "bin/python");
  const missing =
    venv === undefined || !existsSync(python)
      ? "EWB_PEER_VENV names no virtual environment with the peer"
      : stores === undefined || !existsSync(join(stores, "hres.zarr"))
        ? "EWB_PEER_STORES names no folder of the peer's stores"
        : existsSync(join(scripts, "run_peer.py"))
          ? undefined
          : `${scripts} holds no run_peer.py`;
  if (missing !== undefined || stores === undefined) {
    console.log(`peer: skipped, ${missing}`);
    return;
  }
  const work = mkdtempSync(join(tmpdir(), "ewb-bench-peer-"));
  const expected = join(scripts, "expected/heatwave.csv");
  const rows: string[][] = [];
  let [needed, best]: [number, string] = [0, ""];
  const walls = new Map<string, { wall: number; rss: number; inside: number }>();
  const note = (name: string, wall: number, inside: number, rss: number) => {
    const had = walls.get(name);
    if (had === undefined || wall < had.wall) walls.set(name, { wall, rss, inside });
  };
  for (let run = 0; run < Number(values.runs); run++) {
    for (const jobs of [1, 2]) {
      const csv = join(work, "peer.csv");
      const words = [join(scripts, "run_peer.py"), stores, "heatwave", "--jobs", `${jobs}`, "--rows", csv];
      const text = execFileSync(python, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const line = JSON.parse(text.trim().split("\n").at(-1)!);
      needed = line.needed_mb;
      note(`peer`, line.total_wall_s, line.wall_s, line.peak_rss_mb);
      rows.push([
        ...["peer 1.1.0", "-", `${jobs}`, number(line.total_wall_s), number(line.wall_s), number(line.cpu_s)],
        ...[
          number(line.peak_rss_mb, 0),
          number(line.peak_pss_mb, 0),
          number(line.read_mb, 0),
          number(line.amplification, 2),
        ],
        ...[`${line.rows}`, peerDifferences(csv, expected)],
      ]);
    }
    for (const [memory, workers] of [
      ["256MB", 0],
      ["512MB", 0],
      ["512MB", 1],
      ["2GB", 2],
    ] as const) {
      const data = writePeerDataSet(work, stores);
      const pipeline = "bench/pipelines/peerHeatwave.ts";
      const one = await oneRun({
        pipeline,
        data,
        memory,
        workers,
        more: ["--ewb-csv"],
        pss: true,
        keep: true,
      });
      const csv = resultFiles(one.out, ".csv")[0];
      const read = (one.bytesRead ?? Number.NaN) / 1e6;
      if (one.failed === undefined) note(`ewb`, one.wall, one.inside ?? Number.NaN, one.peakRss / 1e6);
      rows.push([
        ...["ewb", memory, `${workers}`, number(one.wall), number(one.inside), number(one.cpu)],
        ...[number(one.peakRss / 1e6, 0), number(one.peakPss / 1e6, 0), number(read, 0)],
        number(one.amplification ?? read / needed, 2),
        `${one.rows ?? "-"}`,
        one.failed ?? (csv === undefined ? "no CSV" : peerDifferences(csv, expected)),
      ]);
      rmSync(one.out, { recursive: true, force: true });
    }
  }
  rmSync(work, { recursive: true, force: true });
  const [theirs, ours] = [walls.get("peer"), walls.get("ewb")];
  if (theirs !== undefined && ours !== undefined) {
    best =
      `fastest of each: whole process ${(theirs.wall / ours.wall).toFixed(2)} x, evaluation ` +
      `${(theirs.inside / ours.inside).toFixed(2)} x as fast as the peer, with ${(theirs.rss / ours.rss).toFixed(1)} times less memory`;
  }
  const text = `heatwave: 1 case, 13 days, 105 x 125 cells; ${needed} MB of chunks needed once; load ${loadavg()[0]!.toFixed(1)}\n\n${alignedTable(head, rows)}\n\n${best}\n`;
  console.log(text);
  mkdirSync("bench/results", { recursive: true });
  writeFileSync(`bench/results/peer-${hostname()}-node${process.versions.node}.txt`, text);
};

const number = (value: number | undefined, digits = 1): string =>
  value === undefined || Number.isNaN(value) ? "-" : value.toFixed(digits);

/** The peer's case and stores as a data set of ours. */
const writePeerDataSet = (folder: string, stores: string): string => {
  const variable = "variables: { surface_air_temperature: { name: 2m_temperature, unit: K } }";
  const source = (kind: string, name: string, store: string) =>
    `${kind}:\n  - name: ${name}\n    zarr: ${join(stores, store)}\n    ${variable}\n`;
  const file = join(folder, "heatwave.yaml");
  writeFileSync(
    join(folder, "heatwave-cases.yaml"),
    `- case_id_number: 1
  title: 2021 Pacific Northwest
  start_date: 2021-06-20 00:00:00
  end_date: 2021-07-03 00:00:00
  location:
    type: bounded_region
    parameters: { latitude_min: 39.0, latitude_max: 65.0, longitude_min: -136.75, longitude_max: -105.75 }
  event_type: heat_wave
`,
  );
  writeFileSync(
    file,
    `name: heatwave\ncases: heatwave-cases.yaml\n${source("forecasts", "hres-like", "hres.zarr")}` +
      `${source("targets", "ERA5", "era5.zarr")}${source("climatologies", "normals", "climatology.zarr")}`,
  );
  return file;
};
