import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { giveFolder, serve } from "../sources/stores/server.ts";
import { dataSet, globe, storeFolder } from "./stores.ts";
import { treeOf } from "./treeMemory.ts";
import { linux, story, streamed, until, watched } from "./watched.ts";

describe.runIf(linux)("compute fifty times slower", () => {
  let data: string;
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("globe") }, [globe]);
  });

  test.each([0, 1])("bytes in flight stay flat, and under the budget (%i workers)", async (workers) => {
    // A unit takes about a millisecond to compute.
    const more = ["--leads", "0..42"];
    const run = await streamed({ data, memory: "300MB", workers, disturb: { busy: 50 }, more });
    expect(run.code, story(run)).toBe(0);
    expect(run.memory.peakRss).toBeLessThanOrEqual(300e6);
    const busy = run.ticks.filter(({ memory }) => memory.waiting > 0);
    expect(busy.length).toBeGreaterThan(6);
    const half = busy.length >> 1;
    const most = (ticks: typeof busy) => Math.max(...ticks.map(({ memory }) => memory.units + memory.cache));
    for (const { memory } of busy)
      expect(memory.units + memory.cache).toBeLessThanOrEqual(memory.budget + 30e6);
    expect(most(busy.slice(half))).toBeLessThanOrEqual(1.3 * most(busy.slice(0, half)) + 10e6);
    // What was read but not computed yet is in flight, too: chunks of 2.2 MB as stored, those of targets included.
    for (const { bytes, units } of busy) expect(bytes.read).toBeLessThan((units.done * 1.25 + 60) * 4.2e6);
  });
});

/** Processor seconds of a process tree so far. */
const cpuOf = (pid: number): number =>
  treeOf(pid).reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);

describe.runIf(linux)("a store that takes a second for each chunk", () => {
  test.each(["thread", "process"] as const)(
    "idle workers (%s) use less than a tenth of a core each",
    async (as) => {
      const folder = await storeFolder("coarse");
      const give = giveFolder(folder);
      let [chunks, latency] = [0, 1000];
      await using server = await serve((request, response) => {
        const isChunk = /2m_temperature\/\d/.test(request.url!);
        if (isChunk) chunks += 1;
        setTimeout(() => give(request, response), isChunk ? latency : 0);
      });
      const data = dataSet(temporary(), { model: server.url }, [globe]);
      const run = watched({ data, memory: "300MB", workers: 2, as });
      await until(() => chunks > 0);
      await new Promise((resolve) => setTimeout(resolve, 500)); // What starting left to do.
      const [cpu, began] = [cpuOf(run.pid), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(run.isOver).toBe(false);
      const share = (1000 * (cpuOf(run.pid) - cpu)) / (performance.now() - began);
      latency = 0;
      const finished = await run.done;
      expect(finished.code, story(finished)).toBe(0);
      // The coordinator's part is in it.
      expect(share / 2).toBeLessThan(0.1);
      expect(finished.rows).toBe((await streamed({ data, memory: "1GB", workers: 0 })).rows);
      const { stages } = finished.ticks.at(-1)!;
      expect(stages.waitStore).toBeGreaterThan(stages.compute);
    },
  );
});
