import { describe, expect, test } from "vitest";
import { hashText } from "../../../src/kernels/hash.ts";
import type { Metric } from "../../../src/model/metric.ts";
import { Tally } from "../../../src/operators/flow/tally.ts";

/** All that was observed, sorted. */
const list: Metric<any, readonly number[]> = {
  name: "list",
  term: "list",
  definition: "all",
  variable: "t",
  parameters: {},
  needs: { variables: ["t"] },
  unit: () => "1",
  zero: () => [],
  observe: () => [],
  merge: (a, b) => [...a, ...b].sort((x, y) => x - y),
  finish: () => [],
};
const inputs = (forecast: string, isGone = false) => ({
  forecast: hashText(forecast),
  target: hashText("shared"),
  lacks: { forecast: isGone, target: false },
});
const add = (tally: Tally, i: number) => {
  tally.seen += 1;
  tally.read({ initTime: i, leadHours: 6 }, inputs(`c ${i}`, i % 3 === 0));
  tally.add([[i], [10 * i]]);
};
const shown = (tally: Tally) => ({
  states: [tally.state(0), tally.state(1)],
  seen: tally.seen,
  failed: tally.failed,
  absent: tally.absent,
  versions: [tally.version("forecast"), tally.version("target")],
});

describe("Tally", () => {
  test("is the same whoever found what: parts join to the whole", () => {
    const whole = new Tally([list, list]);
    for (let i = 0; i < 12; i++) add(whole, i);
    whole.failed = 2;
    const [left, right] = [new Tally([list, list]), new Tally([list, list])];
    for (let i = 11; i >= 0; i--) add(i % 2 === 0 ? left : right, i);
    right.failed = 2;
    left.join(structuredClone(right.part("o")));
    expect(shown(left)).toEqual(shown(whole));
    expect(left.absent).toEqual({ forecast: 4, target: 0 });
    expect(left.seen).toBe(12);
  });

  test("a part with everything failed fails the whole", () => {
    const [left, right] = [new Tally([list]), new Tally([list])];
    right.failed = Number.POSITIVE_INFINITY;
    left.join(structuredClone(right.part("o")));
    expect(left.failed).toBe(Number.POSITIVE_INFINITY);
    expect(right.part("o").target).toBe("o");
  });

  test("a part that is empty changes nothing", () => {
    const tally = new Tally([list, list]);
    add(tally, 1);
    const before = shown(tally);
    tally.join(new Tally([list, list]).part("o"));
    expect(shown(tally)).toEqual(before);
  });

  test("the version follows every ref and what it read, not their order", () => {
    const of = (...refs: readonly (readonly [init: number, lead: number, version: string])[]) => {
      const tally = new Tally([]);
      for (const [initTime, leadHours, version] of refs) tally.read({ initTime, leadHours }, inputs(version));
      return tally.version("forecast");
    };
    expect(of([0, 0, "a"], [0, 6, "b"])).toBe(of([0, 6, "b"], [0, 0, "a"]));
    expect(of([0, 0, "a"], [0, 6, "b"])).not.toBe(of([0, 0, "b"], [0, 6, "a"]));
    expect(of([0, 0, "a"])).not.toBe(of([0, 0, "b"]));
    expect(of([0, 0, "a"])).not.toBe(of([0, 0, "a"], [0, 6, "a"]));
  });

  test("its bytes grow with states", () => {
    const tally = new Tally([list, list]);
    const sizes = [0, 40, 200].map((count) => {
      for (let i = tally.seen; i < count; i++) add(tally, i);
      return tally.bytes;
    });
    expect(sizes[0]).toBe(0);
    expect(sizes[1]).toBeGreaterThan(32 * 16);
    expect(sizes[2]! - sizes[1]!).toBeGreaterThan(150 * 16);
  });
});
