import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { type System, thisSystem } from "../../src/runtime/machine/system.ts";
import { workersAhead } from "../../src/runtime/workersAhead.ts";

/** Four cores, 16 GB, no control groups. */
const system: System = {
  ...thisSystem(),
  env: {},
  read: () => undefined,
  list: () => [],
  totalMemory: () => 16e9,
  availableParallelism: () => 4,
};

const begun = (options: Parameters<typeof workersAhead>[1]) => {
  const all: (EventEmitter & { isUnref: boolean })[] = [];
  const ahead = workersAhead(system, options, () => {
    const thread = Object.assign(new EventEmitter(), { isUnref: false, unref: () => {} });
    thread.unref = () => {
      thread.isUnref = true;
    };
    all.push(thread);
    return thread as unknown as Worker;
  });
  return { ahead, all };
};

test("all that are wanted begin at once, and keep no process alive", () => {
  const { ahead, all } = begun({ memory: "4GB", workers: 3 });
  expect([ahead?.threads.length, ahead?.room.floor.workers]).toEqual([3, 3]);
  expect(all.map(({ isUnref }) => isUnref)).toEqual([true, true, true]);
});

test.each([
  ["none is wanted", { memory: "4GB", workers: 0 }],
  ["they are processes", { memory: "4GB", workers: 3, workersAs: "process" as const }],
  ["it is not sure that there is room for all", { memory: "256MB", workers: 3 }],
])("none begins where %s", (_, options) => {
  const { ahead, all } = begun(options);
  expect([ahead, all.length]).toEqual([undefined, 0]);
});

test("one that fails before it is needed is not handed out", () => {
  const { ahead, all } = begun({ memory: "4GB", workers: 2 });
  all[0]!.emit("error", new Error("no such file"));
  expect(ahead?.threads).toEqual([all[1]]);
});

test("one that fails after it was taken is no loss of another", () => {
  const { ahead, all } = begun({ memory: "4GB", workers: 2 });
  const taken = ahead?.threads.shift();
  expect(taken).toBe(all[0]);
  all[0]!.emit("error", new Error("it died"));
  expect(ahead?.threads).toEqual([all[1]]);
});

test("one that ends without a word before it is needed is not handed out", () => {
  const { ahead, all } = begun({ memory: "4GB", workers: 2 });
  all[0]!.emit("exit", 0);
  expect(ahead?.threads).toEqual([all[1]]);
});
