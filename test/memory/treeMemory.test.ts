import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type TreeWatch, treeOf, watchTree } from "./treeMemory.ts";

const linux = existsSync("/proc/self/statm");
const MB = 1e6;
const children: { kill(signal: "SIGKILL"): boolean }[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process that says "ready" once it holds so many MB, and a child of it that holds as much again. */
const holding = (megabytes: number, withChild: boolean) => {
  const hold = `const held = Buffer.alloc(${megabytes * MB}, 1);`;
  const child = `setInterval(() => held.length, 1000); process.stdin.on("end", () => process.exit());
    process.stdin.resume(); console.log("ready")`;
  const parent = withChild
    ? `const { spawn } = require("node:child_process");
       const own = spawn(process.execPath, ["-e", ${JSON.stringify(`${hold}${child}`)}], { stdio: ["pipe", "inherit", "inherit"] });
       setInterval(() => held.length, 1000)`
    : child;
  const started = spawn(process.execPath, ["-e", `${hold}${parent}`], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(started);
  return new Promise<number>((ready) => started.stdout.once("data", () => ready(started.pid!)));
};

/** A watch that has looked three times. */
const sampled = (pid: number, pss: boolean) =>
  new Promise<TreeWatch>((done) => {
    let samples = 0;
    const watch: TreeWatch = watchTree(pid, { pss, onSample: () => ++samples === 3 && done(watch) });
  });

test.runIf(linux)("a tree's memory is that of the process and of its children", async () => {
  const alone = await holding(100, false);
  const both = await holding(100, true);
  expect(treeOf(both)).toHaveLength(2);
  const single = (await sampled(alone, false)).stop();
  const pair = (await sampled(both, true)).stop();
  expect(single.peakRss).toBeGreaterThan(100 * MB);
  expect(single.peakRss).toBeLessThan(200 * MB);
  expect(pair.peakRss).toBeGreaterThan(200 * MB);
  expect(pair.processes).toBe(2);
  expect(pair.highWater).toBeGreaterThan(200 * MB);
  expect(pair.peakPss).toBeGreaterThan(200 * MB);
  expect(pair.peakPss).toBeLessThanOrEqual(pair.peakRss);
  expect(pair.curve).toHaveLength(3);
});

test.runIf(linux)("of a process that is over, nothing", async () => {
  const gone = spawn(process.execPath, ["-e", ""]);
  await new Promise((done) => gone.once("close", done));
  const watch = watchTree(gone.pid!);
  expect(watch.stop()).toMatchObject({ peakRss: 0, highWater: 0 });
});
