import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { collector } from "../../../src/runtime/governor/collect.ts";
import { governing, type Later, later } from "../../../src/runtime/governor/governing.ts";
import { governor } from "../../../src/runtime/governor/governor.ts";
import type { Signals } from "../../../src/runtime/governor/signals.ts";

/** Timers by hand. */
const byHand = () => {
  const waiting = new Set<() => void>();
  const after: Later = (work) => {
    const timer = () => work();
    waiting.add(timer);
    return () => void waiting.delete(timer);
  };
  const pass = () => {
    for (const work of [...waiting]) {
      waiting.delete(work);
      work();
    }
  };
  return { after, pass, waiting };
};

const signals: Signals = {
  limit: 1e9,
  rss: 1e8,
  baseline: 1e8,
  resident: 0,
  free: 0,
  states: 0,
  used: 0,
  unit: 0,
};

test("samples, steps and applies, again and again, until it is disposed", () => {
  const { after, pass, waiting } = byHand();
  const applied: number[] = [];
  let limit = 1e9;
  const loop = governing(
    governor(),
    () => ({ ...signals, limit }),
    ({ admitted }) => void applied.push(admitted),
    after,
  );
  pass();
  expect(applied).toHaveLength(2);
  limit = 5e8;
  expect(loop.now().admitted).toBeLessThanOrEqual(4e8);
  expect(applied).toHaveLength(3);
  expect(waiting.size).toBe(1); // one timer, whatever `now` was called for
  loop[Symbol.dispose]();
  pass();
  expect(applied).toHaveLength(3);
  loop.now();
  expect(waiting.size).toBe(0);
});

test("disposed while it applies, it does not go on", () => {
  const { after, pass } = byHand();
  let steps = 0;
  const loop = governing(
    governor(),
    () => signals,
    () => {
      steps += 1;
      if (steps === 2) loop[Symbol.dispose]();
    },
    after,
  );
  pass();
  pass();
  expect(steps).toBe(2);
});

test("a real timer calls, and can be called off", async () => {
  const calls: string[] = [];
  later(() => void calls.push("late"), 1);
  later(() => void calls.push("called off"), 1)();
  await wait(50);
  expect(calls).toEqual(["late"]);
});

test("a collection is forced without a flag on the command line", async () => {
  const dead = new WeakRef({ held: new Array(1000).fill(0) });
  await wait(0); // a WeakRef holds its target until the end of the task
  collector()();
  expect(dead.deref()).toBeUndefined();
});

test("a worker collects its own heap", async () => {
  const module = new URL("../../../src/runtime/governor/collect.ts", import.meta.url).href;
  const worker = new Worker(
    `
    const { parentPort } = require("node:worker_threads");
    const { createJiti } = require("jiti");
    createJiti(${JSON.stringify(import.meta.url)}).import(${JSON.stringify(module)}).then(({ collector }) => {
      const dead = new WeakRef({ held: 1 });
      setTimeout(() => {
        collector()();
        parentPort.postMessage(dead.deref() === undefined);
      }, 1);
    });
    `,
    { eval: true },
  );
  const collected = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  expect(collected).toBe(true);
});
