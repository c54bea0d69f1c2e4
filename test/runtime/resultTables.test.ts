import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { afterAll, expect, test } from "vitest";
import type { RunEvent } from "../../src/model/event.ts";
import { createRun } from "../../src/runtime/createRun.ts";
import { runMemory } from "../../src/runtime/runMemory.ts";
import { row } from "../sinks/rows.ts";

const folder = mkdtempSync(join(tmpdir(), "ewb-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run with so much memory, its ledger, and a table of it. */
const tableOf = async (
  limit: number,
  name: string,
  formats: readonly ("csv" | "arrow" | "ewb-csv")[] = [],
) => {
  const memory = runMemory(limit, { collect: () => {} });
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  const data = { name: "none", forecasts: [], targets: [], climatologies: [] } as never;
  const run = await createRun({ data, out: folder, formats, onEvent }, { memory });
  return { table: run.table(name), kept: () => memory.state().states, events, run };
};

const many = Array.from({ length: 60_000 }, (_, i) =>
  row({ lead_hours: (i * 7919) % 60_000, value: i / 3, forecast: `model ${i % 3}` }),
);

test("rows are charged to the ledger and given back; beyond a bound they are on disk", async () => {
  const { table, kept, events, run } = await tableOf(80e6, "small.parquet", ["csv"]);
  for (const one of many) table.add(one);
  // 60,000 rows take 10 MB; a sixteenth of the budget is in memory, and a block that is given out.
  expect(kept()).toBeGreaterThan(5e6);
  expect(kept()).toBeLessThan(5e6 + 60_000 * 160 + 2e6);
  expect(readdirSync(folder)).toEqual([]);
  await table.publish();
  table.discard();
  expect(kept()).toBe(0);
  expect(events).toContainEqual(expect.objectContaining({ event: "published", rows: 60_000 }));
  const { num_rows } = await parquetMetadataAsync(await asyncBufferFromFile(join(folder, "small.parquet")));
  expect(num_rows).toBe(60_000n);

  const whole = await tableOf(4e9, "large.parquet", ["csv"]);
  for (const one of many) whole.table.add(one);
  await whole.table.publish();
  whole.table.discard();
  for (const ending of ["parquet", "csv"]) {
    const of = (name: string) => readFileSync(join(folder, `${name}.${ending}`));
    expect(of("small").equals(of("large"))).toBe(true);
  }
  await run[Symbol.asyncDispose]();
  await whole.run[Symbol.asyncDispose]();
});

test("a table that is given up leaves nothing on disk or on the ledger", async () => {
  const before = readdirSync(folder);
  const { table, kept, run } = await tableOf(64e6, "given-up.parquet");
  for (const one of many) table.add(one);
  const publishing = table.publish();
  table.discard();
  await expect(publishing).rejects.toMatchObject({ tag: "Stopped" });
  expect(kept()).toBe(0);
  expect(readdirSync(folder)).toEqual(before);
  await run[Symbol.asyncDispose]();
});
