import { expect, test } from "vitest";
import type { Cost } from "../../src/model/chunk.ts";
import { planner } from "../../src/runtime/plan.ts";

const event = {
  id: 1,
  title: "a case",
  type: "heat_wave",
  start: 0,
  end: 1,
  region: { south: 0, north: 1, west: 0, east: 1 },
};

const cost = (bytes: number, ...ids: string[]): Cost => ({
  bytes,
  chunks: ids.map((id) => ({ id, bytes: 100, encoded: 20, array: "a" })),
});

test("chunks count once, a unit that is cut is one unit in parts, the largest is what one of them holds", () => {
  const plan = planner(1000);
  plan.add(event, "f", cost(5), 0);
  plan.add(event, "f", cost(10, "a", "b"));
  plan.add(event, "f", [cost(10, "a"), cost(30, "b", "c"), cost(10, "c")]);
  expect(plan.result()).toMatchObject({
    units: 2,
    parts: 4,
    chunks: 3,
    bytes: 300,
    largest: { bytes: 30 + 240, case_id: 1, forecast: "f" },
    peak: 5 + 10 + 50 + 3 * 120,
    budget: 1000,
    cases: [{ units: 2, chunks: 3, bytes: 300 }],
  });
});

test("no more than the budget is ever held", () => {
  const plan = planner(50);
  plan.add(event, "f", cost(40, "a"));
  expect(plan.result().peak).toBe(50);
});
