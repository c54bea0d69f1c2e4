import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { runInGroup } from "./group.ts";
import { dataSet, globe, storeFolder } from "./stores.ts";
import { environment, left, linux, soak, streamArguments } from "./watched.ts";

/** The budget is not given: the program finds the group's own limit. In `npm run soak` twenty runs of each. */
const limit = 384e6;
const turns = soak ? 20 : 2;
const more = soak ? [] : ["--leads", "0..42"];

describe.runIf(linux)(`in a memory group of 384 MB without swap (read from /proc: Linux only)`, () => {
  let data: string;
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("globe") }, [globe]);
  });

  test.each([0, 1])(
    `${turns} runs with %i workers end whole and without a kill`,
    { timeout: 600_000 },
    async (workers) => {
      const rows = new Set<string | undefined>();
      for (let turn = 0; turn < turns; turn++) {
        const out = temporary();
        const env = { ...process.env, ...environment({}) };
        const one = await runInGroup(process.execPath, streamArguments({ data, workers, more }, out), {
          limit,
          env,
        });
        const what = `${one.kind}: exit ${one.code}, ${one.err.slice(-800)}`;
        expect([one.killed, one.code], what).toEqual([false, 0]);
        rows.add((await left(out)).rows);
      }
      expect([...rows]).toEqual([expect.stringMatching(/^[1-9]/)]);
    },
  );
});
