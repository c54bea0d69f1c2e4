import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { type Bounds, dataSet, globe, storeFolder } from "./stores.ts";
import { linux, story, streamed } from "./watched.ts";

/** The fourth takes the globe: 56 tiles a field, where the others take four to nine. */
const giant = 4;
const bounds = Array.from({ length: 16 }, (_, i): Bounds => {
  const [south, west] = [-88 + 8 * i, -178 + 20 * i];
  return i + 1 === giant ? globe : [south, south + 48, west, west + 52];
});

describe.runIf(linux)("sixteen concurrent cases, one of them a giant", () => {
  let data: string;
  const rows = new Set<string>();
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("tiles") }, bounds);
  });

  test("all in one ledger: whole, within the budget, and the giant is not starved by the small", async () => {
    const log = join(temporary(), "order");
    writeFileSync(log, "");
    const run = await streamed({
      data,
      memory: "200MB",
      workers: 0,
      disturb: { together: true, log, busy: 2 },
    });
    expect(run.code, story(run)).toBe(0);
    expect(run.memory.peakRss).toBeLessThanOrEqual(200e6);
    rows.add(run.rows!);
    const order = readFileSync(log, "utf8").trim().split("\n").map(Number);
    expect(new Set(order).size).toBe(16);
    // Units are served as they asked, case by case in turn: half of the giant's with half of the small ones.
    const own = order.flatMap((id, at) => (id === giant ? [at] : []));
    const smallBefore = own[own.length >> 1]! - (own.length >> 1);
    expect(smallBefore).toBeLessThan(0.75 * (order.length - own.length));
  });

  test.each([0, 2])("case by case (%i workers): the same rows, within the budget", async (workers) => {
    const run = await streamed({ data, memory: "250MB", workers });
    expect(run.code, story(run)).toBe(0);
    expect(run.memory.peakRss).toBeLessThanOrEqual(250e6);
    rows.add(run.rows!);
    expect([...rows]).toEqual([expect.stringMatching(/^[1-9]/)]);
  });
});
