import { expect, test } from "vitest";
import { CommonReadings } from "../../../src/operators/flow/commonReadings.ts";

/** Workspaces that tell when they go. */
const workspaces = () => {
  const freed: number[] = [];
  let made = 0;
  const workspace = () => {
    const number = made++;
    return {
      float32: (length: number) => new Float32Array(length),
      float64: (length: number) => new Float64Array(length),
      free: () => void freed.push(number),
    };
  };
  return { freed, workspace };
};

/** A reading that never failed. */
const good = <T>(read: (memory: unknown, signal: AbortSignal) => Promise<T>) => ({
  read,
  isFailed: () => false,
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("units of one time read once; the arrays go with the last of them", async () => {
  const { freed, workspace } = workspaces();
  const common = new CommonReadings(workspace);
  const target = {};
  let reads = 0;
  const read = good(async () => ++reads);
  const [a, b, c] = [common.unit(), common.unit(), common.unit()];
  expect(await Promise.all([a.read(target, 6, read), b.read(target, 6, read)])).toEqual([1, 1]);
  expect(await c.read(target, 12, read)).toBe(2);
  expect(await c.read({}, 6, read)).toBe(3);
  a.free();
  await settled();
  expect(freed).toEqual([]);
  b.free();
  b.free();
  await settled();
  expect(freed).toEqual([0]);
  c.free();
  await settled();
  expect(freed.sort()).toEqual([0, 1, 2]);
  // Nothing is kept of a time that is over.
  expect(await common.unit().read(target, 6, read)).toBe(4);
});

test("what is given up keeps its arrays until it is over, and a new unit reads anew", async () => {
  const { freed, workspace } = workspaces();
  const common = new CommonReadings(workspace);
  const target = {};
  let end!: (value: number) => void;
  let aborted = 0;
  const slow = good((_, signal) => {
    signal.addEventListener("abort", () => aborted++);
    return new Promise<number>((resolve) => (end = resolve));
  });
  const [unit, other] = [common.unit(), common.unit()];
  const reading = unit.read(target, 6, slow);
  void other.read(target, 6, slow);
  other.free();
  expect(aborted).toBe(0);
  unit.free();
  await settled();
  expect([freed, aborted]).toEqual([[], 1]);
  const next = common.unit();
  expect(
    await next.read(
      target,
      6,
      good(async () => 7),
    ),
  ).toBe(7);
  end(5);
  expect(await reading).toBe(5);
  await settled();
  expect(freed).toEqual([0]);
  next.free();
  await settled();
  expect(freed).toEqual([0, 1]);
});

test("what failed is read anew by who comes later, and aborts nothing when it is over", async () => {
  const { freed, workspace } = workspaces();
  const common = new CommonReadings(workspace);
  const target = {};
  let reads = 0;
  const signals: AbortSignal[] = [];
  const read = {
    read: async (_: unknown, signal: AbortSignal) => {
      signals.push(signal);
      return ++reads;
    },
    isFailed: (value: number) => value === 1,
  };
  const [a, b, c] = [common.unit(), common.unit(), common.unit()];
  expect(await Promise.all([a.read(target, 6, read), b.read(target, 6, read)])).toEqual([1, 1]);
  expect(await c.read(target, 6, read)).toBe(2);
  a.free();
  b.free();
  // Those of the first reading are over: the second one goes on.
  expect(await common.unit().read(target, 6, read)).toBe(2);
  await settled();
  expect([freed, signals.map(({ aborted }) => aborted)]).toEqual([[0], [false, false]]);
});
