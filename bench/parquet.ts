/**
 * `npm run bench -- parquet [--rows N] [--long]`: the writer of results. 5 million rows of 12 columns, each writer in a
 * process of its own: at most half of the time of the library's typed-array path and 250 MB. Then rows as objects, sorted
 * and written, of 10^6 and 10^7 (`--long`: and 10^8) rows: memory is flat. Then the same rows through `ewb stream`: within
 * `--memory`, or little above the same rows that go nowhere, at 0.6 of the bare rate (time without start-up).
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, hostname, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { watchTree } from "../test/memory/treeMemory.ts";
import { alignedTable } from "./alignedTable.ts";
import { programPath } from "./oneRun.ts";

const memory = "256MB";
/** What the program gives the rows of a run with so much memory, about. */
const spill = 8e6;
/** Flat: the peak of the most rows above that of the fewest; what the collector of objects lets lie, not rows. */
const flat = 64e6;

/** What writing may add to a run that makes rows faster than its heap is collected. */
const writing = 48e6;

interface Written {
  readonly seconds: number;
  /** Processor seconds, and the largest resident size of the process tree. */
  readonly cpu: number;
  readonly rss: number;
  readonly bytes: number;
  readonly rows: number;
}

/** Runs a program to its end; `seconds` from the last line of JSON that has them, by `told`. */
const measured = async (
  args: readonly string[],
  path: string | undefined,
  env: NodeJS.ProcessEnv,
  told: (said: any) => number | undefined,
): Promise<Written> => {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env, NO_COLOR: "1" },
  });
  const watch = watchTree(child.pid!);
  let [text, seconds] = ["", Number.NaN];
  for await (const part of child.stdout) {
    const lines = `${text}${part}`.split("\n");
    text = lines.pop()!;
    for (const line of lines) if (line.startsWith("{")) seconds = told(JSON.parse(line)) ?? seconds;
  }
  const { peakRss, cpuSeconds } = watch.stop();
  if (child.exitCode !== null && child.exitCode !== 0)
    throw new Error(`exit ${child.exitCode}: ${args.join(" ")}`);
  if (path === undefined)
    return { seconds, cpu: cpuSeconds, rss: peakRss, bytes: 0, rows: Number(env.EWB_BENCH_ROWS) };
  const file = await asyncBufferFromFile(path);
  const { num_rows } = await parquetMetadataAsync(file);
  return { seconds, cpu: cpuSeconds, rss: peakRss, bytes: file.byteLength, rows: Number(num_rows) };
};

const cell = (kind: string, rows: number, folder: string): Promise<Written> => {
  const path = join(folder, `${kind}.parquet`);
  const program = ["node_modules/jiti/lib/jiti-cli.mjs", "bench/parquetCell.ts"];
  return measured([...program, kind, `${rows}`, path, `${spill}`], path, {}, (said) => said.seconds);
};

const throughProduct = (rows: number, folder: string, writes = true): Promise<Written> => {
  const args = [programPath(), "stream", resolve("bench/pipelines/manyRows.ts"), "--json"];
  const env = {
    EWB_BENCH_ROWS: `${rows}`,
    EWB_BENCH_WRITE: writes ? "yes" : "no",
    EWB_CACHE: join(tmpdir(), "ewb-bench-cache"),
  };
  let began = 0;
  return measured(
    // Its rows come out of nothing: a worker would have nothing to do.
    [...args, "--memory", memory, "--workers", "0", "--out", folder],
    writes ? join(folder, "many.parquet") : undefined,
    env,
    ({ event, t, rows: so = 0 }) => {
      // Its clock begins before its workers are there.
      if (event === "tick" && so === 0) began = t;
      return event === "end" ? t - began : undefined;
    },
  );
};

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

export const parquet = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: "string", default: "1e7" }, long: { type: "boolean", default: false } },
  });
  const most = Number(values.rows);
  const folder = mkdtempSync(join(tmpdir(), "ewb-bench-"));
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    console.log(line);
  };
  const judge = (met: boolean, text: string) => say(`${met ? "ok    " : "MISSED"} ${text}`);
  const table: string[][] = [];
  const note = (what: string, found: Written) => {
    const rate = (found.rows / found.seconds / 1e6).toFixed(2);
    const row = [what, `${found.rows}`, found.seconds.toFixed(2), found.cpu.toFixed(2), rate];
    table.push([...row, mb(found.rss), mb(found.bytes)]);
    console.log(`  ${table.at(-1)!.join("  ")}`);
    return found;
  };
  try {
    const five = 5_000_000;
    const library = note("hyparquet-writer, typed arrays", await cell("library", five, folder));
    const typed = note("ewb, typed columns", await cell("typed", five, folder));
    const counts = [...new Set([1e6, Math.max(1e6, most), ...(values.long ? [1e8] : [])])];
    const rows: Written[] = [];
    for (const count of counts)
      rows.push(note("ewb, rows collected and sorted", await cell("rows", count, folder)));
    const product: Written[] = [];
    for (const count of counts)
      product.push(note(`ewb stream --memory ${memory}`, await throughProduct(count, folder)));

    const idle = note(
      "ewb stream, rows that go nowhere",
      await throughProduct(counts[1] ?? counts[0]!, folder, false),
    );

    const head = ["what", "rows", "s", "cpu s", "million rows/s", "peak MB", "file MB"];
    say(`\nnode ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model}, ${mb(totalmem())} MB`);
    say(`\n${alignedTable(head, table)}\n`);
    const ratio = typed.seconds / library.seconds;
    judge(
      ratio <= 0.5,
      `typed columns take ${ratio.toFixed(2)} of the library's time (required 0.50, reach for 0.20)`,
    );
    judge(typed.rss <= 250e6, `typed columns: ${mb(typed.rss)} MB (required 250)`);
    for (const [name, all] of [["rows", rows] as const, ["ewb stream", product] as const]) {
      const [first, last] = [all[0]!, all.at(-1)!];
      const slope = last === first ? 0 : (last.rss - first.rss) / (last.rows - first.rows);
      const isFlat = last.rss - first.rss <= flat;
      judge(
        isFlat,
        `${name}: ${mb(first.rss)} MB at ${first.rows}, ${mb(last.rss)} MB at ${last.rows}: ${slope.toFixed(2)} bytes a row`,
      );
    }
    const peak = Math.max(...product.map(({ rss }) => rss));
    // Rows made out of nothing, as fast as can be, are many dead objects: that heap is the pipeline's.
    judge(
      peak <= Math.max(256e6, idle.rss + writing),
      `ewb stream: at most ${mb(peak)} MB of --memory ${memory}; the same rows that go nowhere ${mb(idle.rss)} MB`,
    );
    const [bare, through] = [rows.at(-1)!, product.at(-1)!];
    const share = through.rows / through.seconds / (bare.rows / bare.seconds);
    judge(share >= 0.6, `ewb stream: ${share.toFixed(2)} of the rows/s of the bare sink (required 0.60)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync("bench/results", { recursive: true });
  const result = `bench/results/parquet-${hostname()}-node${process.versions.node}.txt`;
  const before = (() => {
    try {
      return readFileSync(result, "utf8");
    } catch {
      return "";
    }
  })();
  writeFileSync(result, `${before}${new Date().toISOString()}\n${lines.join("\n")}\n\n`);
};
