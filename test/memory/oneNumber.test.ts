import { beforeAll, describe, expect, test } from "vitest";
import { parseBytes } from "../../src/runtime/byteSize.ts";
import { temporary } from "../cli/ewb.ts";
import { dataSet, globe, storeFolder } from "./stores.ts";
import { linux, story, streamed } from "./watched.ts";

/**
 * 805 MB of chunks of 4.15 MB in budgets far below. The floor is the program itself: with its libraries loaded some
 * 90 to 120 MB, 10 MB more for a worker thread and 60 to 80 MB for a worker process (`hello.memory.baseline` says it),
 * and 48 MB to work with. Below that the run says so and goes on with what it needs, so no budget here is lower.
 */
const cells = [
  { memory: "200MB", workers: 0 },
  { memory: "200MB", workers: 1 },
  { memory: "300MB", workers: 0 },
  { memory: "300MB", workers: 2 },
  { memory: "300MB", workers: 1, as: "process" },
] as const;

describe.runIf(linux)("the process tree stays within its one number", () => {
  const seen = new Map<string, string>();
  let data: string;
  beforeAll(async () => {
    data = dataSet(temporary(), { model: await storeFolder("globe") }, [globe]);
  });

  for (const cell of cells) {
    const { memory, workers } = cell;
    const name = `${memory}, ${workers} workers${"as" in cell ? ` as ${cell.as}` : ""}`;
    test(name, async () => {
      const run = await streamed({ data, ...cell });
      seen.set(name, run.rows!);
      expect(run.code, story(run)).toBe(0);
      const limit = parseBytes(memory);
      const hello = run.events.find((event) => event.event === "hello");
      // A later Node is larger before it works: where the number is too small for it, it says by how much.
      const kept = hello!.memory.limit!;
      expect(hello!.workers).toBeLessThanOrEqual(workers);
      expect(kept).toBeGreaterThanOrEqual(limit);
      expect(kept).toBeLessThanOrEqual(process.versions.node.startsWith("20.") ? limit : 1.25 * limit);
      expect(run.memory.peakRss, `baseline ${hello!.memory.baseline}`).toBeLessThanOrEqual(kept);
      // Nor did it read what it had: a chunk or two that two workers need.
      expect(run.ticks.at(-1)!.bytes.amplification).toBeLessThan(1.1);
    });
  }

  test("with the same rows everywhere", () => {
    expect(seen.size).toBe(cells.length);
    expect(new Set(seen.values()).size).toBe(1);
    expect([...seen.values()][0]).toMatch(/^[1-9]/);
  });
});
