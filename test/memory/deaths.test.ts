import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { type Bounds, dataSet, storeFolder } from "./stores.ts";
import { type Finished, linux, soak, story, streamed, until, watched } from "./watched.ts";

/** Eight cases of 66 small units: bands of latitude. */
const bands = Array.from({ length: 8 }, (_, i): Bounds => [-80 + 20 * i, -61 + 20 * i, -180, 177.5]);

const common = { memory: "1GB", workers: 2, more: ["--leads", "0..60"] };
let data: string;
let undisturbed: string;
beforeAll(async () => {
  data = dataSet(temporary(), { model: await storeFolder("coarse") }, bands);
  undisturbed = (await streamed({ data, ...common, workers: 0 })).rows!;
  expect(undisturbed).toMatch(/^[1-9]/);
});

const deathsOf = ({ events }: Finished): number =>
  events.filter((one) => one.event === "warning" && /^worker \d+ died/.test(one.message)).length;

/** Nothing of it is to be seen in the rows. */
const expectUnharmed = (run: Finished): void => {
  expect([run.hangs, run.code], story(run)).toEqual([false, 0]);
  expect(run.failures).toEqual([]);
  expect(run.rows).toBe(undisturbed);
};

/** Each case may lose its worker twice; the third time it fails. */
const dying = (cases: readonly number[], times: number) => ({
  die: { cases, times, marks: join(temporary(), "death"), how: ["throw", "exit"] as const },
});

for (const as of ["thread", "process"] as const) {
  test.runIf(as === "thread" || soak)(`ten workers (${as}) that throw or exit: the same rows`, async () => {
    const disturb = { busy: 1, ...dying([1, 2, 4, 5, 7], 2) };
    const run = await streamed({ data, ...common, as, disturb });
    expectUnharmed(run);
    expect(deathsOf(run)).toBe(10);
    // That workers died is worth a recording, though the run is whole.
    expect(run.flight).toMatchObject({ why: expect.stringMatching(/died at case/) });
  });
}

test("threads terminated from outside: the same rows", async () => {
  // What a program that embeds ours may do: the module that starts threads is told to end two of them.
  const ending = `
    import workers from "node:worker_threads";
    import { syncBuiltinESMExports } from "node:module";
    if (workers.isMainThread) {
      let left = 2;
      workers.Worker = class extends workers.Worker {
        constructor(...args) {
          super(...args);
          this.on("message", ({ type }) => {
            if (type === "progress" && left > 0 && Math.random() < 0.5) { left -= 1; this.terminate(); }
          });
        }
      };
      syncBuiltinESMExports();
    }`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ending)}` };
  const run = await streamed({ data, ...common, disturb: { busy: 5 }, env });
  expectUnharmed(run);
  expect(deathsOf(run)).toBe(2);
});

describe.runIf(linux)("worker processes killed at random moments", () => {
  const runs = soak ? 25 : 5;
  test(`${2 * runs} kills in ${runs} runs: the same rows`, async () => {
    let kills = 0;
    for (let turn = 0; turn < runs; turn++) {
      const one = watched({ data, ...common, as: "process", disturb: { busy: 3 } });
      // From the first case on: before it nothing is lost, and the run says that it cannot begin.
      await until(() => one.isOver || one.events.some(({ event }) => event === "case"));
      for (let i = 0; i < 2; i++) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
        const pids = one.workers();
        const pid = pids[Math.floor(Math.random() * pids.length)];
        if (pid === undefined) continue;
        process.kill(pid, "SIGKILL");
        kills += 1;
      }
      const run = await one.done;
      expectUnharmed(run);
    }
    expect(kills).toBe(2 * runs);
  });
});

test("a worker that always dies at one case: that case fails by name, the others have their rows", async () => {
  const disturb = { busy: 1, ...dying([3], 1000) };
  const run = await streamed({ data, ...common, disturb });
  expect([run.hangs, run.code], story(run)).toEqual([false, 1]);
  expect(deathsOf(run)).toBe(3);
  expect(run.failures).toEqual([
    expect.objectContaining({
      case_id: 3,
      message: expect.stringMatching(/^the worker at case 3 died 3 times; /),
    }),
  ]);
  const others = dataSet(temporary(), { model: await storeFolder("coarse") }, bands);
  const rest = await streamed({ data: others, ...common, workers: 0, disturb: { refuse: 3 } });
  expect(rest.failures).toEqual([
    expect.objectContaining({ case_id: 3, message: expect.stringMatching(/this metric refuses the case/) }),
  ]);
  expect(run.rows).toBe(rest.rows);
  expect(run.rows).not.toBe(undisturbed);
});
