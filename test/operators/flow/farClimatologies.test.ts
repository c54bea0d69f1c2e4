import { expect, test } from "vitest";
import { farClimatologies, type SetPlan } from "../../../src/operators/flow/setPlan.ts";
import { event, fakeForecast, hour } from "./fakeRun.ts";

const planOf = (near: boolean): SetPlan => {
  const opened = {
    times: {
      kind: "climatology",
      slot: (time: number) => (time % (24 * hour) === 0 ? { day: time / (24 * hour) } : undefined),
    },
    cost: ({ day }: { day: number }) => ({ bytes: 0, chunks: [{ id: `c@${day}`, near }] }),
  };
  const climatologies = [{ field: { variable: "t" }, opened, window: {} }];
  const short = { ...event, start: 6 * hour, end: 72 * hour };
  return {
    set: { event: short },
    forecast: fakeForecast("f", 4, 13).open,
    targets: [{ climatologies }],
  } as never;
};

test("the parts of a web climatology that a case needs are known before its units ask: each day within it once", () => {
  expect(farClimatologies(planOf(false)).map(({ id }) => id)).toEqual(["c@1", "c@2", "c@3"]);
  expect(farClimatologies(planOf(true))).toEqual([]);
});
