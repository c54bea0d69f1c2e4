import { describe, expect, test } from "vitest";
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
const versions = (...chunks: string[]) => ({
  forecast: new Map(chunks.map((chunk) => [chunk, chunk.startsWith("gone") ? "absent" : "1"])),
  target: new Map([["o", "1"]]),
});
const add = (tally: Tally, i: number) => {
  tally.seen += 1;
  tally.add([[i], [10 * i]], versions(i % 3 === 0 ? `gone ${i}` : `c ${i}`, "shared"));
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

  test("a ref that lacks several chunks lacks some: it counts once", () => {
    const tally = new Tally([]);
    tally.add([], versions("gone 1", "gone 2"));
    tally.add([], versions("gone 1", "c"));
    expect(tally.absent).toEqual({ forecast: 2, target: 0 });
  });

  test("a part that is empty changes nothing", () => {
    const tally = new Tally([list, list]);
    add(tally, 1);
    const before = shown(tally);
    tally.join(new Tally([list, list]).part("o"));
    expect(shown(tally)).toEqual(before);
  });

  test("the version follows every chunk and its version, not their order", () => {
    const of = (...all: ReturnType<typeof versions>[]) => {
      const tally = new Tally([]);
      for (const one of all) tally.add([], one);
      return tally.version("forecast");
    };
    expect(of(versions("a"), versions("b"))).toBe(of(versions("b", "a")));
    expect(of(versions("a"))).not.toBe(of(versions("b")));
    const changed = { forecast: new Map([["a", "2"]]), target: new Map() };
    expect(of(changed)).not.toBe(of(versions("a")));
  });

  test("its bytes grow with states and with chunks", () => {
    const tally = new Tally([list, list]);
    const sizes = [0, 40, 200].map((count) => {
      for (let i = tally.seen; i < count; i++) add(tally, i);
      return tally.bytes;
    });
    expect(sizes[0]).toBe(0);
    expect(sizes[1]).toBeGreaterThan(40 * 64);
    expect(sizes[2]! - sizes[1]!).toBeGreaterThan(160 * (64 + 16));
  });
});
