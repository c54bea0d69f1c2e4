/**
 * A watch that is killed at random points while inits and revisions arrive: in units, in writes of the ledger, while a
 * table is published. After each restart its table says what one `stream` over the same data says, and whoever reads
 * the table meanwhile always reads a whole one. 10 kills; 100 with EWB_SOAK, and then tables of several files, too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { stream } from "../../src/runtime/stream.ts";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { random } from "../../src/testing/random.ts";
import { cache, ewb } from "../cli/ewb.ts";
import { smallFeed } from "../runtime/watch/smallFeed.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-kills-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const kills = process.env.EWB_SOAK ? 100 : 10;
const days = kills > 10 ? 60 : 10;
const next = random(Number(process.env.EWB_SEED ?? 1));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves at a moment drawn anew each time: after a while, or as soon as something is written in a folder. */
const moment = (child: ChildProcess, out: string): Promise<unknown> => {
  const late = pause(300 + 1200 * next());
  const kind = Math.floor(3 * next());
  if (kind === 0) return late;
  const folder = kind === 1 ? out : join(out, "pipeline.ledger", "db");
  if (!existsSync(folder)) return late;
  let skip = Math.floor(12 * next());
  const written = new Promise<void>((done) => {
    const watcher = watch(folder, () => {
      if (--skip <= 0) done();
    });
    child.once("close", () => watcher.close());
  });
  return Promise.race([late, written]);
};

/** Rows in one order, whatever files they are in. */
const rowsOf = async (path: string) =>
  (await readRows(path)).rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

test.each(kills > 10 ? ["file", "case", "month"] : ["file"])(
  `a watch that is killed ${kills} times: %s`,
  async (partition) => {
    const feed = smallFeed(join(root, `feed-${partition}`), days);
    const out = join(root, `results-${partition}`);
    mkdirSync(out);
    const isFile = partition === "file";
    const table = join(out, isFile ? "rows.parquet" : "rows");
    const args = [feed.pipeline, "--data", feed.data, "--out", out, "--memory", "512MB"];
    if (!isFile) args.push("--partition", partition);
    let init = 0;
    const arrive = () => {
      if (init < 4 * days) feed.arrive(init++);
      if (next() < 0.2) feed.arrive(Math.floor(init * next()), 280 + 20 * next());
    };
    arrive();

    const reading = { isOver: false, tables: 0, rows: 0 };
    const reader = async () => {
      while (!reading.isOver) {
        if (existsSync(table)) {
          // As one open file, as databases read it.
          if (isFile) copyFileSync(table, join(root, "seen.parquet"));
          const { rows } = await readRows(isFile ? join(root, "seen.parquet") : table);
          const keys = rows.map((row) => `${row.case_id} ${row.metric} ${row.init_time} ${row.lead_hours}`);
          expect(new Set(keys).size).toBe(rows.length);
          // Nothing that was published is lost: inits only come.
          expect(rows.length).toBeGreaterThanOrEqual(reading.rows);
          reading.rows = rows.length;
          reading.tables += 1;
        }
        await pause(5);
      }
    };
    const read = reader();
    read.catch(() => {}); // awaited at the end

    for (let kill = 1; kill <= kills; kill++) {
      arrive();
      const workers = next() < 0.3 ? "1" : "0";
      const program = [
        resolve("dist/cli/main.js"),
        "watch",
        ...args,
        "--workers",
        workers,
        "--every",
        "0.1s",
      ];
      const child = spawn(process.execPath, program, {
        env: { ...process.env, EWB_CACHE: cache },
        stdio: "ignore",
      });
      const feeding = setInterval(arrive, 150);
      const closed = once(child, "close");
      await Promise.race([moment(child, out), closed]);
      clearInterval(feeding);
      child.kill("SIGKILL");
      expect((await closed)[1], "it had not ended by itself").toBe("SIGKILL");

      const again = await ewb(["watch", ...args, "--workers", "0", "--once"]);
      expect(again.code, again.err).toBe(0);
      const whole = {
        ...{ data: feed.data, out: join(root, `whole-${partition}`) },
        ...{ cache, workers: 0, memory: "512MB" },
      };
      await lastValueFrom(stream(feed.pipeline, whole), { defaultValue: undefined });
      const wanted = await rowsOf(join(whole.out, "rows.parquet"));
      expect(await rowsOf(table), `after kill ${kill}`).toEqual(wanted);
    }
    reading.isOver = true;
    await read;
    expect(reading.tables).toBeGreaterThan(kills);
    expect(init).toBeGreaterThan(kills);
  },
  kills * 30_000,
);
