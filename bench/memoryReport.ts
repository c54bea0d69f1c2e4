/** What the memory bench prints and writes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";
import { parseBytes } from "../src/runtime/byteSize.ts";
import { alignedTable } from "./alignedTable.ts";
import type { Bench, Cell } from "./memoryCell.ts";
import type { OneRun } from "./oneRun.ts";

export const say = (bench: Bench, line: string): void => {
  bench.lines.push(line);
  console.log(line);
};

export const show = (bench: Bench, cells: readonly Cell[]): void =>
  say(bench, `\n${alignedTable(head, cells.map(rowOf))}\n`);

const head = [
  ...[
    "store",
    "memory",
    "w",
    "wall s",
    "cpu s",
    "peak MB",
    "of it",
    "rows",
    "hash",
    "read MB",
    "ampl.",
    "adm.",
    "load",
  ],
  "missed",
];

export const rowOf = ({ store, memory, workers, result, amplification, marks }: Cell): string[] => [
  store,
  memory,
  `${workers}`,
  result.wall.toFixed(1),
  result.cpu.toFixed(1),
  (result.peakRss / 1e6).toFixed(0),
  `${((100 * result.peakRss) / parseBytes(memory)).toFixed(0)}%`,
  `${result.rows ?? "-"}`,
  result.hash ?? "-",
  result.bytesRead === undefined ? "-" : (result.bytesRead / 1e6).toFixed(0),
  amplification?.toFixed(2) ?? "-",
  result.admitted === undefined ? "-" : `${(100 * result.admitted).toFixed(0)}%`,
  result.load.toFixed(1),
  marks.join("; "),
];

export const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

/** `bench/results/memory-HOST-nodeVERSION.txt` and `.json`; curves stay out of the text. */
export const publish = ({ cells, lines, stores }: Bench, args: readonly string[]): void => {
  const missed = cells.filter(({ marks }) => marks.length > 0).length;
  const end = `cells: ${cells.length}, with something missed: ${missed}`;
  const all = alignedTable(head, cells.map(rowOf));
  const busiest = Math.max(...cells.map(({ result }) => result.load), 0);
  if (busiest > cpus().length + 1)
    lines.push(
      `the machine was busy (load up to ${busiest.toFixed(1)}): wall times and their ratios may mislead`,
    );
  console.log(`${lines.at(-1)?.startsWith("the machine") ? `${lines.at(-1)}\n` : ""}${end}`);
  mkdirSync("bench/results", { recursive: true });
  const name = `bench/results/memory-${hostname()}-node${process.versions.node}`;
  writeFileSync(`${name}.txt`, `${[...lines, all, "", end].join("\n")}\n`);
  const machine = { name: hostname(), cpu: cpus()[0]?.model, cores: cpus().length, memory: totalmem() };
  const plain = cells.map(({ result: { curve, out: _, failed: __, ...result }, ...one }) => ({
    ...one,
    ...result,
    /** Peak of each half second, MB. */
    curve: thinned(curve),
  }));
  const document = {
    date: new Date().toISOString(),
    machine,
    node: process.version,
    args,
    payloads: stores.payloads,
    cells: plain,
  };
  writeFileSync(`${name}.json`, `${JSON.stringify(document, null, 1)}\n`);
};

const thinned = (curve: OneRun["curve"]): number[] => {
  const peaks: number[] = [];
  for (const { at, rss } of curve) {
    const slot = Math.floor(at / 500);
    peaks[slot] = Math.max(peaks[slot] ?? 0, Math.round(rss / 1e6));
  }
  return Array.from(peaks, (peak) => peak ?? 0);
};
