import { describe, expect, test } from "vitest";
import { keyedRows, mergeKeyed, oneEntry } from "../../../src/operators/metrics/keyed.ts";

const runs = 300;
const leads = 100;
const entry = (init: number, lead: number, n = 1) => ({
  initTime: init,
  leadHours: lead,
  validTime: init + lead,
  n,
});
const join = <E extends { readonly n: number }>(a: E, b: E): E => ({ ...a, n: a.n + b.n });

describe("a state with an entry for each kept key", () => {
  test("30,000 keys are merged one by one in time that grows with their number, not its square", () => {
    let state = oneEntry(entry(0, 0));
    const start = performance.now();
    for (let i = 1; i < runs * leads; i++) {
      state = mergeKeyed(state, oneEntry(entry(i % runs, Math.floor(i / runs))), join);
    }
    const seconds = (performance.now() - start) / 1000;
    const rows = keyedRows(state, ({ n, ...key }) => ({ ...key, value: 0, n }));
    expect(rows).toHaveLength(runs * leads);
    expect(rows.slice(0, 2)).toMatchObject([
      { initTime: 0, leadHours: 0 },
      { initTime: 0, leadHours: 1 },
    ]);
    expect(seconds).toBeLessThan(15);
  });

  test("entries of one key are joined, and neither side is changed", () => {
    const a = oneEntry(entry(0, 6, 2));
    const b = oneEntry(entry(0, 6, 3));
    const both = mergeKeyed(mergeKeyed(a, b, join), oneEntry(entry(0, 12)), join);
    const counts = (state: typeof a) => keyedRows(state, ({ n, ...key }) => ({ ...key, value: 0, n }));
    expect(counts(both).map(({ leadHours, n }) => [leadHours, n])).toEqual([
      [6, 5],
      [12, 1],
    ]);
    expect([a, b].map((one) => counts(one).map(({ n }) => n))).toEqual([[2], [3]]);
  });
});
