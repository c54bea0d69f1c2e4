import { describe, expect, it } from "vitest";
import { Pace } from "../../../src/sources/stores/pace.ts";

describe("Pace", () => {
  it("knows nothing before there was an answer", () => {
    const pace = new Pace();
    expect([pace.latency, pace.bandwidth, pace.slow]).toEqual([undefined, undefined, undefined]);
  });

  it("has the median of first bytes, and bytes by time of the latest bodies", () => {
    const pace = new Pace();
    for (const first of [5, 500, 20, 10, 30]) pace.answered(first, 100_000, 50);
    expect(pace.latency).toBe(20);
    expect(pace.bandwidth).toBe(2000);
    for (let i = 0; i < 64; i++) pace.answered(7, 100_000, 100);
    expect([pace.latency, pace.bandwidth]).toEqual([7, 1000]);
  });

  it("takes no speed of bodies that came with their headers", () => {
    const pace = new Pace();
    for (let i = 0; i < 30; i++) pace.answered(1, 0, 0);
    expect(pace.bandwidth).toBeUndefined();
  });

  it("finds an answer slow at three times what nearly all take, and a quarter of a second", () => {
    const pace = new Pace();
    for (let i = 0; i < 19; i++) pace.answered(10, 0, 0);
    expect(pace.slow).toBeUndefined();
    pace.answered(10, 0, 0);
    expect(pace.slow).toBe(250);
    for (let i = 0; i < 64; i++) pace.answered(i < 58 ? 40 : 200, 0, 0);
    expect(pace.slow).toBe(600);
  });
});
