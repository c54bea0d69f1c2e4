import { expect, test } from "vitest";
import type { Metric } from "../../../src/model/metric.ts";
import { Gathered } from "../../../src/operators/flow/gathered.ts";

test("gathers every state once, and copies a growing one seldom", () => {
  let copied = 0;
  const metric = {
    zero: () => new Map<number, number>(),
    merge: (a: Map<number, number>, b: Map<number, number>) => {
      copied += a.size;
      return new Map([...a, ...b]);
    },
  } as unknown as Metric;
  for (const n of [0, 1, 2, 7, 4096]) {
    copied = 0;
    const states = new Gathered(metric);
    for (let i = 0; i < n; i++) states.add(new Map([[i, 1]]));
    expect((states.whole() as Map<number, number>).size).toBe(n);
    expect(copied).toBeLessThanOrEqual(n * Math.log2(n + 1) + 1);
  }
});
