import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { dataSet, globe, storeFolder } from "./stores.ts";
import { linux, story, streamed } from "./watched.ts";

/**
 * A metric that keeps 4 MB of each of 160 units: no ledger knows of it, only the size of the process tells. Without
 * a group there is no kill to fear: the run ends before it is a quarter above its number.
 */
describe.runIf(linux)("a leak in a metric", () => {
  let data: string;
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("globe") }, [globe]);
  });

  const cells = [{ workers: 0 }, { workers: 1 }, { workers: 1, as: "process", memory: "400MB" }] as const;
  for (const cell of cells) {
    const name = `${cell.workers} workers${"as" in cell ? ` as ${cell.as}` : ""}`;
    test(`that never ends: the run ends with a named cause and a recording, not with a kill (${name})`, async () => {
      const run = await streamed({
        data,
        memory: "300MB",
        ...cell,
        disturb: { leak: 4e6, busy: 20 },
        patience: 40,
      });
      expect([run.hangs, run.signal, run.code], story(run)).toEqual([false, null, 1]);
      expect(run.err).toMatch(
        /holds \d+ MB of \d+ MB although one unit is in work: .* which only a leak in the pipeline or a foreign library explains/,
      );
      expect(run.rows).toBeUndefined();
      expect(run.flight).toMatchObject({ why: expect.stringMatching(/only a leak/) });
      expect(run.events.find(({ event }) => event === "end")).toMatchObject({ state: "failed" });
    });
  }

  test("that is small: the run goes to its end with less for everything else", async () => {
    const [plain, run] = await Promise.all([
      streamed({ data, memory: "1GB", workers: 0 }),
      streamed({ data, memory: "250MB", workers: 0, disturb: { leak: 4e5, busy: 10 } }),
    ]);
    expect([run.hangs, run.signal, run.code], story(run)).toEqual([false, null, 0]);
    expect(run.memory.peakRss).toBeLessThanOrEqual(250e6);
    expect(run.rows).toBe(plain.rows);
  });
});
