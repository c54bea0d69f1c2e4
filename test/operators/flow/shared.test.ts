import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Metric } from "../../../src/model/metric.ts";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { score } from "../../../src/operators/flow/score.ts";
import type { FromWorker } from "../../../src/runtime/messages.ts";
import { jobSharing } from "../../../src/runtime/workerSharing.ts";
import { event, fakeForecast, fakeRun, fakeTarget } from "./fakeRun.ts";

/** Number of pairs. */
const seen: Metric<{ t: "K" }, number> = {
  name: "seen",
  term: "seen",
  definition: "number of pairs",
  variable: "t",
  parameters: {},
  needs: { variables: ["t"] },
  unit: () => "1",
  zero: () => 0,
  observe: () => 1,
  merge: (a, b) => a + b,
  finish: (value) => [{ value, n: value }],
};

const forecast = fakeForecast("f", 4, 5);
const [one, two] = [fakeTarget("one"), fakeTarget("two")];
type Side = Parameters<typeof fakeRun>[0][number];
const rowsOf = (run: ReturnType<typeof fakeRun>) =>
  lastValueFrom(
    pairs(run, event, {
      forecast: forecast.source,
      targets: [one.source, two.source],
      variables: ["t"],
    }).pipe(score(run, seen), toArray()),
  );

/** A case whose later half another worker does; the sources that each of them can open. */
const shared = async (here: readonly Side[], there: readonly Side[]) => {
  const budget = new MemoryBudget(1e9);
  const whole = jobSharing(1, undefined, () => {});
  const run = fakeRun(here, { budget, sharing: whole });
  budget.pause(true);
  const rows = rowsOf(run);
  while (budget.waiting < 20) await new Promise((resolve) => setImmediate(resolve));
  const said: FromWorker[] = [];
  const range = whole.give()!;
  expect(range).toMatchObject({ from: 10 });
  const other = fakeRun(there, { sharing: jobSharing(2, range, (message) => void said.push(message)) });
  expect(await rowsOf(other)).toEqual([]);
  const part = said.find(({ type }) => type === "part") as Extract<FromWorker, { type: "part" }>;
  whole.take(structuredClone(part));
  budget.pause(false);
  return { rows: (await rows).map(({ target, value }) => [target, value]), failures: run.failures };
};

describe("a case that two workers share", () => {
  test("has the rows of both", async () => {
    const all = [forecast, one, two];
    expect(await shared(all, all)).toEqual({
      rows: [
        ["one", 20],
        ["two", 20],
      ],
      failures: [],
    });
  });

  test("counts refs that no target has once, though they come when half of the case was given away", async () => {
    const long = fakeForecast("long", 30, 60);
    const options = {
      forecast: long.source,
      targets: [one.source],
      variables: ["t" as const],
      unmatched: true,
    };
    const rowsOf = (run: ReturnType<typeof fakeRun>) =>
      lastValueFrom(pairs(run, event, options).pipe(score(run, seen), toArray()));
    const budget = new MemoryBudget(1e9);
    const whole = jobSharing(1, undefined, () => {});
    const run = fakeRun([long, one], { budget, sharing: whole });
    budget.pause(true);
    const rows = rowsOf(run);
    while (budget.waiting < 20) await new Promise((resolve) => setImmediate(resolve));
    const range = whole.give()!;
    expect(range.from).toBeLessThan(300);
    const said: FromWorker[] = [];
    await rowsOf(
      fakeRun([long, one], { sharing: jobSharing(2, range, (message) => void said.push(message)) }),
    );
    whole.take(structuredClone(said.find(({ type }) => type === "part")) as never);
    budget.pause(false);
    expect((await rows).map(({ value }) => value)).toEqual([30 * 60]);
  });

  test.each([
    ["there", [forecast, one, two], [forecast, one]],
    ["here", [forecast, one], [forecast, one, two]],
  ] as const)(
    "has no rows where a source could not be opened %s: refs would be lost",
    async (_, here, there) => {
      const { rows, failures } = await shared(here, there);
      expect(rows).toEqual([]);
      expect(failures.at(-1)).toMatchObject({
        tag: "Worker",
        forecast: "f",
        message: expect.stringMatching(
          /20 refs .* of one, two.*20 refs .* of one|20 refs .* of one.*20 refs .* of one, two/,
        ),
      });
    },
  );
});
