import { expect, test } from "vitest";
import { Progress } from "../../src/runtime/progress.ts";

const second = 1000;
const all = (units: number) => ({ total: units, given: units, asked: units });

test("forecasts that follow one another are expected before they are opened", () => {
  const progress = new Progress(0);
  progress.forecasts(2);
  progress.announce(1);
  progress.announce(2);
  expect(progress.tick(0, 0)).toMatchObject({ units: { done: 0, total: 0 }, eta: null });
  progress.count(1, { sets: 1, ...all(100) }, 0);
  expect(progress.tick(0, 0).units.total).toBe(400);
  progress.count(2, { sets: 1, ...all(100) }, 0);
  progress.count(1, { done: 1 }, 0);
  progress.count(1, { done: 99 }, 10 * second);
  progress.count(2, { done: 100 }, 20 * second);
  const half = progress.tick(20 * second, 0);
  expect(half.units).toEqual({ done: 200, total: 400 });
  expect(half.eta).toBeCloseTo(20, 0);
  progress.count(1, { sets: 1, ...all(100), done: 100 }, 30 * second);
  expect(progress.tick(30 * second, 0).units).toEqual({ done: 300, total: 400 });
});

test("after a case is over the others are expected to have as many forecasts", () => {
  const progress = new Progress(0);
  progress.forecasts(4); // of which the pipeline takes one
  for (const id of [1, 2]) progress.announce(id);
  progress.count(1, { sets: 1, ...all(10), done: 10 }, 0);
  progress.finished(1);
  progress.count(2, { sets: 1, ...all(30) }, 0);
  expect(progress.tick(0, 0).units).toEqual({ done: 10, total: 40 });
});

test("a case that was over without a unit is not waited for, and two eachCase are both counted", () => {
  const progress = new Progress(0);
  for (const id of [1, 2, 1, 2]) progress.announce(id);
  expect(progress.tick(0, 0).cases).toEqual({ done: 0, total: 4 });
  progress.finished(2);
  progress.finished(2);
  progress.count(1, { sets: 1, ...all(10), done: 10 }, 0);
  expect(progress.tick(0, 0)).toMatchObject({ cases: { done: 2, total: 4 }, units: { done: 10, total: 20 } });
  progress.finished(1);
  progress.finished(1);
  expect(progress.tick(0, 0)).toMatchObject({ cases: { done: 4, total: 4 }, units: { done: 10, total: 10 } });
});

test("units that come in batches do not make it look faster than it is", () => {
  const progress = new Progress(0);
  progress.announce(1);
  progress.count(1, { sets: 1, ...all(1000) }, 0);
  progress.count(1, { done: 250 }, 1 * second);
  expect(progress.tick(1 * second, 0).eta).toBe(null);
  progress.count(1, { done: 250 }, 2 * second);
  expect(progress.tick(2 * second, 0).eta).toBe(2);
});
