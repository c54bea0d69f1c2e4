import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { descendants, processMemory, residentOf, treeRss } from "../../../src/runtime/machine/processTree.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";
import { fakeSystem } from "./fakeSystem.ts";

const status = (kB: number) =>
  `Name:\tnode\nVmRSS:\t  ${kB} kB\nRssAnon:\t ${kB - 30} kB\nRssFile:\t 20 kB\nRssShmem:\t 10 kB\n`;

/** 100 has 200 and, by another thread, 201; 200 has 300. 999 is somebody else's. */
const listed = {
  "/proc/100/task/100/children": "200 ",
  "/proc/100/task/107/children": "201 ",
  "/proc/200/task/200/children": "300 ",
  "/proc/201/task/201/children": "",
  "/proc/300/task/300/children": "",
  "/proc/200/status": status(1000),
  "/proc/201/status": status(2000),
  "/proc/300/status": status(3000),
  "/proc/999/status": status(9000),
};

/** The same where the kernel lists no children. */
const scanned = {
  "/proc/1/stat": "1 (init) S 0 1 1 0",
  "/proc/100/stat": "100 (node) S 1 100 1 0",
  "/proc/200/stat": "200 (a) b) (c) S 100 100 1 0",
  "/proc/201/stat": "201 (node) S 100 100 1 0",
  "/proc/300/stat": "300 (node) S 200 100 1 0",
  "/proc/999/stat": "999 (node) S 1 100 1 0",
  "/proc/self/stat": "100 (node) S 1 100 1 0",
};

describe.each([
  ["children are listed", listed],
  ["children are searched for", { ...scanned, ...Object.fromEntries(Object.entries(listed).slice(5)) }],
])("%s", (_, files) => {
  test("all descendants, and what they hold together", () => {
    const system = fakeSystem(files);
    expect([...descendants(system, 100)].sort()).toEqual([200, 201, 300]);
    expect(treeRss(system, 100)).toBe(90e6 + 6000 * 1024);
    expect(treeRss(system, 200)).toBe(4000 * 1024);
  });
});

test("a process alone", () => {
  const system = fakeSystem({ "/proc/100/task/100/children": "" });
  expect(descendants(system, 100)).toEqual([]);
  expect(treeRss(system, 100)).toBe(90e6);
});

test("a ring of ids used again ends", () => {
  const system = fakeSystem({
    "/proc/100/task/100/children": "200",
    "/proc/200/task/200/children": "100 200",
  });
  expect(descendants(system, 100)).toEqual([200]);
});

test("kinds of pages; a process that is gone", () => {
  const system = fakeSystem(listed);
  expect(processMemory(system, 200)).toEqual({
    resident: 1000 * 1024,
    anonymous: 970 * 1024,
    file: 20 * 1024,
    shared: 10 * 1024,
  });
  expect(processMemory(system, 5)).toBeUndefined();
  expect(residentOf(system, [200, 5])).toBe(1000 * 1024);
});

test("without /proc: the own process", () => {
  expect(treeRss(fakeSystem({}, { platform: "darwin" }), 100)).toBe(90e6);
});

test.runIf(process.platform === "linux")("a real child and its child", async () => {
  const inner = 'setTimeout(() => {}, 60000); console.log("up")';
  const outer = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], { stdio: "inherit" }); setTimeout(() => {}, 60000)`;
  const child = spawn(process.execPath, ["-e", outer], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    const system = thisSystem();
    const below = descendants(system, child.pid!);
    expect(below).toHaveLength(1);
    expect(descendants(system, process.pid)).toEqual(expect.arrayContaining([child.pid, ...below]));
    expect(treeRss(system, child.pid!)).toBeGreaterThan(40e6);
    for (const pid of below) process.kill(pid);
  } finally {
    child.kill();
  }
});
