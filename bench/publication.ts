/**
 * Publishing a table of which one case has changed: beside a copy of the file, and beside a table that has this case only.
 * Processor time, the least of several tries, as the program has it (`dist`); rows are collected already.
 */
import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Figure } from "./figures.ts";
import { manyRow } from "./manyRows.ts";

const tries = 15;
/** The case that changes. */
const changing = 7;

const built = (path: string): Promise<any> => import(resolve("dist", path));
type FilePlace = typeof import("../src/sinks/published/filePlace.ts");
type ResultTable = typeof import("../src/sinks/resultTable.ts");
type Publications = typeof import("../src/runtime/watch/publication.ts");

interface Cost {
  /** Processor time in milliseconds. */
  readonly cpu: number;
  readonly wall: number;
}

const costOf = async (work: () => unknown): Promise<Cost> => {
  const [at, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e3, wall: performance.now() - at };
};

const least = (costs: readonly Cost[]): Cost => ({
  cpu: Math.min(...costs.map(({ cpu }) => cpu)),
  wall: Math.min(...costs.map(({ wall }) => wall)),
});

export const publication = async (count: number): Promise<readonly Figure[]> => {
  const { filePlace }: FilePlace = await built("sinks/published/filePlace.js");
  const { resultTable }: ResultTable = await built("sinks/resultTable.js");
  const { Publication }: Publications = await built("runtime/watch/publication.js");
  const root = mkdtempSync(join(tmpdir(), "ewb-bench-publication-"));
  const [large, small, copied] = ["large.parquet", "small.parquet", "copied.parquet"].map((name) =>
    join(root, name),
  );
  const said = new Publication({ append: () => {}, flush: async () => {} }, Date.now);

  /** A table as a run collects it, with so much more in one case. */
  const collected = (path: string, by: number, wanted: (id: number) => boolean) => {
    const table = resultTable([], { path, bytes: 32e6 }, "case");
    for (let i = 0; i < count; i++) {
      const row = manyRow(i, count);
      if (wanted(row.case_id)) table.add(row.case_id === changing ? { ...row, value: row.value + by } : row);
    }
    return table;
  };
  const publish = (path: string, table: ReturnType<typeof collected>): Promise<Cost> =>
    costOf(async () => {
      const place = filePlace(path);
      const before = await place.open();
      const sorted = await table.sorted();
      const parts = place.partsOf(table.parts);
      await said.changes(place, before, sorted, parts);
      await place.write(sorted, parts, {}, before);
      await before?.close();
    });
  const copy = () =>
    costOf(() => {
      copyFileSync(large!, copied!);
      const file = openSync(copied!, "r+");
      fsyncSync(file);
      closeSync(file);
    });

  try {
    const all = [0, 1].map((by) => collected(large!, by, () => true));
    const only = [0, 1].map((by) => collected(small!, by, (id) => id === changing));
    const whole = await publish(large!, all[0]!);
    await publish(small!, only[0]!);
    const costs: { readonly one: Cost; readonly only: Cost; readonly copy: Cost }[] = [];
    for (let n = 1; n <= tries; n++)
      costs.push({
        one: await publish(large!, all[n % 2]!),
        only: await publish(small!, only[n % 2]!),
        copy: await copy(),
      });
    for (const table of [...all, ...only]) table.close();
    const one = least(costs.map((cost) => cost.one));
    const alone = least(costs.map((cost) => cost.only));
    const plain = least(costs.map((cost) => cost.copy));
    const text = ({ cpu, wall }: Cost) => `${cpu.toFixed(0)} ms of processor time, ${wall.toFixed(0)} ms`;
    const more = one.cpu - alone.cpu;
    const size = (statSync(large!).size / 1e6).toFixed(1);
    return [
      { what: `publish ${count} rows (${size} MB) where nothing was`, measured: text(whole) },
      { what: "a table of one case only, changed", measured: text(alone) },
      {
        what: "the same among 39 cases that have not changed",
        measured: `${text(one)}, ${(one.cpu / alone.cpu).toFixed(2)} of the one case`,
        required: "<= 1.25",
        met: one.cpu <= 1.25 * alone.cpu,
        note: `the other 39: ${(more / plain.cpu).toFixed(1)} x copying and syncing the file, ${text(plain)}`,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
