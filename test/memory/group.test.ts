import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { runInGroup } from "./group.ts";

const linux = existsSync("/proc/self/statm");
const MB = 2 ** 20;

/** Takes so many MB in steps of 4, each byte touched, with a pause a step, and holds them for so many seconds. */
const taking = (megabytes: number, seconds: number) => [
  "-e",
  `const held = []; const timer = setInterval(() => {
     if (held.length * 4 >= ${megabytes}) { clearInterval(timer); setTimeout(() => console.log("whole"), ${1000 * seconds}); return; }
     held.push(Buffer.alloc(4 * ${MB}, 1));
   }, 2)`,
];

for (const kind of [undefined, "watchdog"] as const) {
  const name = kind ?? "the best group there is";
  test.runIf(linux)(`${name}: what stays below the limit ends by itself`, async () => {
    const one = await runInGroup(process.execPath, taking(40, 0.2), {
      limit: 300 * MB,
      ...(kind && { kind }),
    });
    expect(one).toMatchObject({ killed: false, code: 0, out: "whole\n" });
    expect(one.memory.peakRss).toBeGreaterThan(60 * MB);
  });

  test.runIf(linux)(`${name}: what goes above is killed`, async () => {
    const one = await runInGroup(process.execPath, taking(400, 50), {
      limit: 200 * MB,
      ...(kind && { kind }),
    });
    expect(one).toMatchObject({ killed: true, signal: "SIGKILL", out: "" });
    if (one.kind !== "watchdog") expect(one.charged).toBeLessThanOrEqual(200 * MB);
  });
}
