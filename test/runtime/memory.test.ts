import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budgetOf, floorOf, leastLimit, machineShare } from "../../src/runtime/memory.ts";
import { fakeSystem } from "./machine/fakeSystem.ts";

describe("the one number", () => {
  test("is what is said, in bytes or with a unit, else a share of the machine", () => {
    const system = fakeSystem();
    expect(machineShare(system, "512MB").limit).toBe(512e6);
    expect(machineShare(system, 1e9).limit).toBe(1e9);
    const { limit, text, memory, cores } = machineShare(system, undefined);
    expect(limit).toBeLessThan(64e9);
    expect(limit).toBeGreaterThan(8e9);
    expect([text.length > 0, memory.limit, cores.limit]).toEqual([true, 64e9, 16]);
    expect(machineShare(system, "100GB").text).toMatch(/above 64/);
    for (const wrong of ["0", 0, -5, Number.NaN]) {
      expect(() => machineShare(system, wrong), String(wrong)).toThrow(
        expect.objectContaining({ tag: "Options" }),
      );
    }
  });

  const bytes = fc.integer({ min: 1e6, max: 1e12 });
  test("leaves the program its place, and the ledger something whatever is said", () => {
    fc.assert(
      fc.property(bytes, bytes, (limit, baseline) => {
        const budget = budgetOf(limit, baseline);
        expect(budget).toBeGreaterThanOrEqual(16e6);
        if (budget > 16e6) expect(baseline + budget).toBeLessThanOrEqual(0.93 * limit);
        const least = leastLimit(limit, baseline);
        expect(least).toBeGreaterThanOrEqual(limit);
        // What it says can be kept can be kept.
        expect(baseline + budgetOf(least, baseline)).toBeLessThanOrEqual(0.93 * least + 1);
        expect(leastLimit(least, baseline)).toBe(least);
      }),
    );
    expect(leastLimit(1e9, 100e6)).toBe(1e9);
  });

  test("workers are as many as fit so that the limit can be kept, never more than are wanted", () => {
    const kind = fc.constantFrom("thread" as const, "process" as const);
    fc.assert(
      fc.property(bytes, bytes, fc.nat(64), kind, (limit, own, wanted, as) => {
        const { workers, worker, program, baseline } = floorOf(limit, own, own, wanted, as);
        expect([workers >= 0, workers <= wanted, program > own]).toEqual([true, true, true]);
        expect(baseline).toBe(program + workers * worker);
        const fits = (count: number) => {
          const all = program + count * worker;
          return leastLimit(limit, all) === limit && budgetOf(limit, all) >= count * 16e6;
        };
        if (workers > 0) expect(fits(workers)).toBe(true);
        if (workers < wanted) expect(fits(workers + 1)).toBe(false);
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(floorOf(256e6, 88e6, 92e6, 4, "thread").workers).toBe(2);
    expect(floorOf(256e6, 88e6, 92e6, 4, "process").workers).toBeLessThan(2);
  });
});
