import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderEffects } from "../../../src/sources/watch/folderEffects.ts";
import { type FolderEffects, watchFolder } from "../../../src/sources/watch/watchFolder.ts";

/** A folder and a clock that do what the test says. */
const world = () => {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly work: () => void }>();
  interface World {
    text: string | undefined | Error;
    event: (() => void) | undefined;
    failed: (() => void) | undefined;
    looks: number;
    open: number;
    canWatch: boolean;
    readonly timers: number;
    pass(milliseconds: number): Promise<void>;
    readonly effects: FolderEffects;
  }
  const made: World = {
    text: "empty",
    event: undefined,
    failed: undefined,
    looks: 0,
    open: 0,
    canWatch: true,
    get timers() {
      return timers.size;
    },
    /** Lets time pass, and what was begun meanwhile end. */
    async pass(milliseconds: number) {
      const end = now + milliseconds;
      for (;;) {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers.delete(next);
        now = next.at;
        next.work();
      }
      now = end;
    },
    effects: {
      watch(_path: string, happened: () => void, failed: () => void) {
        if (!made.canWatch) throw new Error("ENOSPC");
        made.event = happened;
        made.failed = failed;
        made.open += 1;
        return () => {
          made.open -= 1;
        };
      },
      async look() {
        made.looks += 1;
        if (made.text instanceof Error) throw made.text;
        return made.text;
      },
      later(milliseconds: number, work: () => void) {
        const timer = { at: now + milliseconds, work };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
  };
  return made;
};
const options = { interval: 1000, quiet: 100 };

describe("a folder that is watched", () => {
  it("tells many events once, when they are over, or go on for long", async () => {
    const it = world();
    let calls = 0;
    const end = watchFolder("f", () => void calls++, it.effects, { ...options, interval: 1e9 });
    await it.pass(10);
    for (let i = 0; i < 5; i++) {
      it.event!();
      await it.pass(50);
    }
    expect(calls).toBe(0);
    await it.pass(100);
    expect(calls).toBe(1);
    for (let i = 0; i < 40; i++) {
      it.event!();
      await it.pass(50);
    }
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(calls).toBeLessThan(10);
    end();
  });

  it("is looked at besides: what no event tells is seen, and nothing else is told", async () => {
    const it = world();
    let calls = 0;
    const end = watchFolder("f", () => void calls++, it.effects, options);
    await it.pass(5000);
    expect([calls, it.looks]).toEqual([0, 6]);
    it.text = "a file";
    await it.pass(1200);
    expect(calls).toBe(1);
    // It cannot be looked at for a while: no change.
    it.text = new Error("EIO");
    await it.pass(3000);
    it.text = "a file";
    await it.pass(3000);
    expect(calls).toBe(1);
    it.text = undefined;
    await it.pass(1200);
    expect(calls).toBe(2);
    end();
  });

  it("is enough where there are no events, or they end", async () => {
    const it = world();
    it.canWatch = false;
    let calls = 0;
    const end = watchFolder("f", () => void calls++, it.effects, options);
    await it.pass(1500);
    it.text = "more";
    await it.pass(1500);
    expect(calls).toBe(1);
    it.canWatch = true;
    await it.pass(1000);
    expect(it.open).toBe(1);
    it.failed!();
    expect(it.open).toBe(0);
    await it.pass(1000);
    expect(it.open).toBe(1);
    end();
  });

  it("is told of what happens while a call lasts after it, never twice at once", async () => {
    const it = world();
    let [calls, atOnce, most] = [0, 0, 0];
    let over: (() => void) | undefined;
    const work = async () => {
      calls += 1;
      most = Math.max(most, ++atOnce);
      await new Promise<void>((resolve) => {
        over = resolve;
      });
      atOnce -= 1;
      if (calls === 1) throw new Error("a call that fails is no end");
    };
    const end = watchFolder("f", work, it.effects, { ...options, interval: 1e9 });
    await it.pass(10);
    it.event!();
    await it.pass(200);
    it.event!();
    await it.pass(500);
    expect(calls).toBe(1);
    over!();
    await it.pass(200);
    expect([calls, most]).toEqual([2, 1]);
    over!();
    await it.pass(500);
    expect(calls).toBe(2);
    end();
  });

  it("leaves nothing behind", async () => {
    const it = world();
    let calls = 0;
    const end = watchFolder("f", () => void calls++, it.effects, options);
    await it.pass(10);
    it.event!();
    expect(it.timers).toBe(2);
    end();
    expect(it.timers).toBe(0);
    await it.pass(5000);
    expect([calls, it.open, it.timers]).toEqual([0, 0, 0]);
    it.event!();
    await it.pass(5000);
    expect([calls, it.timers]).toEqual([0, 0]);
  });
});

it("a real folder: another text for another content, none for none; events come or do not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-folder-"));
  try {
    const empty = await folderEffects.look(folder);
    expect(await folderEffects.look(folder)).toBe(empty);
    expect(await folderEffects.look(join(folder, "none"))).toBeUndefined();
    mkdirSync(join(folder, "2024010100.zarr"));
    const one = await folderEffects.look(folder);
    expect(one).not.toBe(empty);
    writeFileSync(join(folder, "x"), "1");
    const two = await folderEffects.look(folder);
    writeFileSync(join(folder, "x"), "12");
    expect(await folderEffects.look(folder)).not.toBe(two);
    const called = new Promise<void>((resolve) => {
      const end = watchFolder(
        folder,
        () => {
          end();
          resolve();
        },
        folderEffects,
        { interval: 50, quiet: 5 },
      );
    });
    const writing = setInterval(() => writeFileSync(join(folder, "y"), String(Math.random()).repeat(3)), 20);
    await called;
    clearInterval(writing);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
