import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A cache of its own, so that the sample is the one of this state of the code. */
const cache = join(tmpdir(), "ewb-bench-cache");

/** One run of the heat-wave pipeline on the sample in a process of its own; peak memory from /proc (Linux). */
const once = async (workers: number) => {
  const out = mkdtempSync(join(tmpdir(), "ewb-bench-"));
  const args = [
    "dist/cli/main.js",
    "stream",
    "pipelines/heatwave.ts",
    "--json",
    "--out",
    out,
    "--workers",
    `${workers}`,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, EWB_CACHE: cache },
  });
  let peakRss = 0;
  const watching = setInterval(() => {
    try {
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      peakRss = Math.max(peakRss, Number(peak?.[1] ?? 0) * 1024);
    } catch {
      // The process is over, or this is not Linux.
    }
  }, 20);
  let text = "";
  for await (const part of child.stdout) text += part;
  clearInterval(watching);
  rmSync(out, { recursive: true });
  const events = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const last = events.filter(({ event }) => event === "tick").at(-1);
  const end = events.find(({ event }) => event === "end");
  if (end?.state !== "complete") throw new Error(`the run of the sample ended as ${end?.state}`);
  return {
    workers,
    seconds: last.t as number,
    unitsPerSecond: last.units.done / last.t,
    bytesPerSecond: last.bytes.read / last.t,
    bytes: last.bytes.read as number,
    peakRss,
  };
};

/** Reads every file below a folder, once to warm the page cache, then timed: bytes a second. */
const readAlone = (folder: string): number => {
  const files: string[] = [];
  const visit = (path: string) => {
    for (const name of readdirSync(path)) {
      const inside = join(path, name);
      if (statSync(inside).isDirectory()) visit(inside);
      else files.push(inside);
    }
  };
  visit(folder);
  const read = () => files.reduce((sum, file) => sum + readFileSync(file).length, 0);
  read();
  const began = performance.now();
  const bytes = read();
  return (bytes / (performance.now() - began)) * 1000;
};

/** The product against reading the same stores and nothing else. */
export const sampleRun = async () => {
  await once(0); // makes the sample where it is not there
  const runs = [];
  for (const workers of [0, 1, 2]) runs.push(await once(workers));
  const sample = readdirSync(cache).find((name) => name.startsWith("sample-"));
  const alone = readAlone(join(cache, sample!));
  const best = Math.max(...runs.map(({ bytesPerSecond }) => bytesPerSecond));
  return { runs, readAlone: alone, ratio: best / alone };
};
