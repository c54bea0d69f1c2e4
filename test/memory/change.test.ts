import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { dataSet, globe, storeFolder } from "./stores.ts";
import { command, linux, soak, story, streamed, until, type Watched, watched } from "./watched.ts";

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

describe.runIf(linux)("a run is steered while it goes", () => {
  let data: string;
  let undisturbed: string;
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("globe") }, [globe]);
    undisturbed = (await streamed({ data, memory: "1GB", workers: 0 })).rows!;
  });

  const control = async (run: Watched, ...words: string[]) => {
    const hello = run.events.find(({ event }) => event === "hello") as any;
    const { code, err, out } = await command("control", hello.run.id, ...words);
    expect(code, err).toBe(0);
    return out;
  };

  for (const workers of [0, 1]) {
    test.runIf(workers === 1 || soak)(
      `the budget is cut: within 5 s the tree holds less, and no row is lost (${workers} workers)`,
      async () => {
        const run = watched({ data, memory: "400MB", workers, disturb: { busy: 60 } });
        await until(() => run.ticks.some(({ units }) => units.done > 12));
        // Less than what it has come to hold.
        const line = Math.round((0.85 * run.rss) / 1e6);
        await control(run, "--memory", `${line}MB`);
        await wait(5);
        const after: number[] = [];
        for (; !run.isOver; await wait(1)) after.push(run.rss);
        const finished = await run.done;
        expect(finished.code, story(finished)).toBe(0);
        expect(after.length, "the run was over before 5 s had gone").toBeGreaterThan(0);
        for (const rss of after) expect(rss).toBeLessThanOrEqual(1e6 * line);
        expect(finished.memory.peakRss).toBeLessThanOrEqual(400e6);
        expect(finished.rows).toBe(undisturbed);
      },
    );
  }

  test("paused: what is in work finishes and nothing more is read; resumed: it goes on", async () => {
    const run = watched({ data, memory: "300MB", workers: 1, disturb: { busy: 20 } });
    await until(() => run.ticks.some(({ units }) => units.done > 0));
    expect(await control(run, "--pause")).toMatch(/was running, is paused/);
    const at = run.ticks.length;
    // Ticks are half a second apart: in two seconds what was admitted has come.
    await until(() => run.ticks.length > at + 4);
    const still = run.ticks.at(-1)!;
    await until(() => run.ticks.at(-1)!.t > still.t + 1);
    const later = run.ticks.at(-1)!;
    expect([later.bytes.read, later.units.done]).toEqual([still.bytes.read, still.units.done]);
    expect(later.memory.units).toBe(0);
    expect(later.units.done).toBeLessThan(160);
    expect(run.isOver).toBe(false);
    expect(await control(run, "--resume")).toMatch(/was paused, is running/);
    const finished = await run.done;
    expect(finished.code, story(finished)).toBe(0);
    expect(finished.rows).toBe(undisturbed);
  });
});
