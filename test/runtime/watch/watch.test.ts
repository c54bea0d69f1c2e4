/** The loop of a watch over a real feed, with timers that go off at once: pauses, tries, recovery. */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { RunOptions } from "../../../src/runtime/options.ts";
import { stream } from "../../../src/runtime/stream.ts";
import { Notices } from "../../../src/runtime/watch/notices.ts";
import { openWatch } from "../../../src/runtime/watch/openWatch.ts";
import { usualPatience } from "../../../src/runtime/watch/patience.ts";
import { pauseByRhythm } from "../../../src/runtime/watch/rhythm.ts";
import { type TurnEvent, type WatchSetting, watch } from "../../../src/runtime/watch/watch.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import { pipelineText, type SmallFeed, smallFeed } from "./smallFeed.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-loop-"));
const mounted: string[] = [];
afterAll(() => {
  for (const at of mounted) spawnSync("umount", ["--lazy", at]);
  rmSync(root, { recursive: true, force: true });
});
const cache = join(root, "cache");
let number = 0;
const folder = (): string => join(root, `${++number}`);
const optionsOf = (feed: SmallFeed, out: string) => ({
  data: feed.data,
  out,
  cache,
  workers: 0,
  memory: "512MB",
});

interface Played {
  readonly events: readonly TurnEvent[];
  readonly sleeps: readonly number[];
}

/** Watches until `step` says that it is enough; it is called at each sleep, with its number from 1. */
const play = async (
  feed: SmallFeed,
  out: string,
  step: (sleep: number, notices: Notices, last: TurnEvent) => boolean,
  more: Partial<WatchSetting> = {},
  options: RunOptions = {},
): Promise<Played> => {
  const ending = new AbortController();
  const events: TurnEvent[] = [];
  const sleeps: number[] = [];
  const notices: Notices = new Notices((ms, work) => {
    sleeps.push(ms);
    const next = setImmediate(() => {
      if (step(sleeps.length, notices, events.at(-1)!)) work();
      else ending.abort();
    });
    return () => clearImmediate(next);
  });
  const opened = await openWatch(feed.pipeline, out, () => {});
  const setting: WatchSetting = {
    ...opened,
    effects: { now: Date.now, random: () => 1 },
    patience: (now) => ({ now, ...usualPatience }),
    pause: () => 60_000,
    settle: 1000,
    notices,
    signal: ending.signal,
    ...more,
  };
  try {
    await new Promise<void>((resolve, reject) => {
      watch(feed.pipeline, { ...optionsOf(feed, out), ...options }, setting).subscribe({
        next: (event) => events.push(event),
        error: reject,
        complete: resolve,
      });
    });
  } finally {
    await opened.close();
  }
  return { events, sleeps };
};

const rowsIn = async (out: string, name = "rows.parquet") => (await readRows(join(out, name))).rows;
const streamed = async (feed: SmallFeed) => {
  const out = folder();
  await lastValueFrom(stream(feed.pipeline, optionsOf(feed, out)), { defaultValue: undefined });
  return rowsIn(out);
};

describe("the loop", () => {
  test("publishes what arrives, pauses between turns, and lets a notice settle", async () => {
    const feed = smallFeed(folder());
    const out = folder();
    feed.arrive(0);
    const { events, sleeps } = await play(feed, out, (sleep, notices) => {
      feed.arrive(sleep);
      if (sleep === 2) notices.tell();
      return sleep < 5;
    });
    // The second sleep was ended by a notice, which settled in the third.
    expect(sleeps).toEqual([60_000, 60_000, 1000, 60_000, 60_000]);
    expect(events.map(({ state }) => state)).toEqual(Array(4).fill(["begun", "done"]).flat());
    const inits = new Set((await rowsIn(out)).map(({ init_time }) => init_time));
    expect(inits.size).toBe(1 + 5); // what arrived with the last sleep is not scored any more
  });

  test("never sleeps for months, and never spins, whatever the pause is", async () => {
    const feed = smallFeed(folder());
    feed.arrive(0);
    const pauses = [Number.NaN, Number.POSITIVE_INFINITY, -1e9, 0, 90 * 86_400_000];
    let at = 0;
    const { sleeps } = await play(feed, folder(), (sleep) => sleep < pauses.length, {
      pause: () => pauses[at++]!,
    });
    expect(sleeps).toEqual([5000, 86_400_000, 100, 100, 86_400_000]);
  });

  test("a clock that jumps changes no pause and no row", async () => {
    const feed = smallFeed(folder());
    const out = folder();
    feed.arrive(0);
    const year = 365 * 86_400_000;
    const clock = [0, -20, 30, -1].map((years) => Date.UTC(2026, 0) + years * year);
    let turn = 0;
    const now = () => clock[turn]!;
    const { sleeps, events } = await play(
      feed,
      out,
      (sleep) => {
        turn = Math.min(clock.length - 1, sleep);
        return sleep < clock.length;
      },
      { effects: { now, random: () => 1 }, pause: () => 7000 },
    );
    expect(sleeps).toEqual([7000, 7000, 7000, 7000]);
    expect(events.filter(({ state }) => state === "done").length).toBe(4);
    expect(await rowsIn(out)).toEqual(await streamed(feed));
    // By the rhythm, too: however late or early an init seems.
    const pause = pauseByRhythm(join(root, "rhythm.json"), { now, random: () => 1 });
    for (turn = 0; turn < clock.length; turn++) {
      const newest = new Map([["model", Date.UTC(2024, 0, 1 + turn)]]);
      const wait = pause({ newest, failures: [], slowed: { times: 0, wait: 0 }, requests: 10 });
      expect(wait).toBeGreaterThanOrEqual(15_000);
      expect(wait).toBeLessThanOrEqual(900_000);
    }
  });

  test("a turn that fails is tried again later and later, then goes on as before", async () => {
    const feed = smallFeed(folder());
    const out = folder();
    feed.arrive(0);
    const good = readFileSync(feed.data, "utf8");
    const { sleeps, events } = await play(feed, out, (sleep) => {
      if (sleep === 1) writeFileSync(feed.data, "name: half a da");
      if (sleep === 12) writeFileSync(feed.data, good);
      if (sleep === 13) writeFileSync(feed.data, "name: half a da");
      return sleep < 14;
    });
    const tries = sleeps.slice(1, 12);
    expect(tries.slice(0, 4)).toEqual([5000, 10_000, 20_000, 40_000]);
    expect(tries.slice(-2)).toEqual([900_000, 900_000]);
    expect(sleeps.slice(-2)).toEqual([60_000, 5000]); // it went well, and failed for the first time again
    expect(events.filter(({ state }) => state === "failed").length).toBe(12);
    expect(events.at(-3)!.state).toBe("done");
  });

  test("an error of use in the first turn ends it", async () => {
    const feed = smallFeed(folder());
    writeFileSync(feed.data, "name: half a da");
    await expect(play(feed, folder(), () => true)).rejects.toMatchObject({ tag: "DataSet" });
  });

  test("a pipeline that changes on disk is not taken for the one that was loaded", async () => {
    const feed = smallFeed(folder());
    const out = folder();
    feed.arrive(0);
    const { events } = await play(feed, out, (sleep) => {
      feed.arrive(sleep);
      if (sleep === 1) writeFileSync(feed.pipeline, pipelineText("meanError(names[0])"));
      return sleep < 2;
    });
    expect(events.at(-1)!.state).toBe("done");
    const rows = await rowsIn(out);
    // Four inits, two leads each, but one: the mean error keeps both.
    expect(rows.filter(({ metric, init_time }) => metric === "mean error" && init_time === null)).toEqual([]);
    const again = await openWatch(feed.pipeline, out, () => {});
    expect(again.renewed).toMatch(/has changed/);
    await again.close();
  });

  test("one that changes while the first turn loads it ends the watch: nobody knows which was loaded", async () => {
    const feed = smallFeed(folder());
    feed.arrive(0);
    let asked = 0;
    const isChanged = () => ++asked === 2;
    await expect(play(feed, folder(), () => true, { isChanged })).rejects.toMatchObject({
      tag: "Pipeline",
      message: expect.stringContaining("changed while it was being loaded"),
    });
  });
});

/** A file system in memory of some megabytes; undefined where this user may not mount one. */
const smallDisk = (): string | undefined => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  const at = join(root, "disk");
  mkdirSync(at, { recursive: true });
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", at]).status !== 0) return undefined;
  mounted.push(at);
  return at;
};

describe("a disk of four megabytes", () => {
  const disk = smallDisk();

  test.skipIf(disk === undefined).each([
    ["rows.parquet", undefined],
    ["rows", "case"],
  ] as const)(
    "(mounted by root, else skipped) that is full: the old table stays, and the new one comes when there is room: %s",
    async (name, partition) => {
      const feed = smallFeed(folder());
      const out = join(disk!, name);
      const ballast = join(disk!, "ballast");
      feed.arrive(0);
      let old: readonly Buffer[] | undefined;
      const published = () =>
        partition === undefined
          ? [readFileSync(join(out, name))]
          : readdirSync(join(out, name)).map((file) => readFileSync(join(out, name, file)));
      const step = (sleep: number) => {
        if (sleep === 1) {
          old = published();
          const { bavail, bsize } = statfsSync(disk!);
          writeFileSync(ballast, new Uint8Array(bavail * bsize));
        }
        if (sleep < 4) feed.arrive(sleep);
        if (sleep === 4) {
          expect(published()).toEqual(old);
          rmSync(ballast);
        }
        return sleep < 6;
      };
      const { events } = await play(feed, out, step, {}, partition === undefined ? {} : { partition });
      const states = events.filter(({ state }) => state !== "begun");
      expect(states.map(({ state }) => state)).toEqual([
        "done",
        "failed",
        "failed",
        "failed",
        "done",
        "done",
      ]);
      for (const event of states) {
        if (event.state !== "failed") continue;
        expect(event.error).toMatchObject({ message: expect.stringContaining("the disk is full") });
        expect(["Write", "LedgerFull"]).toContain((event.error as { tag?: string }).tag);
      }
      expect(await rowsIn(out, name)).toEqual(await streamed(feed));
    },
  );
});
