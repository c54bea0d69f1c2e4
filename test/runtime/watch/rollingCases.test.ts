/** A case file that changes while it is watched. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Row } from "../../../src/model/row.ts";
import { hour } from "./feed.ts";
import { caseText, start } from "./smallFeed.ts";
import { turns } from "./turns.ts";

const day = 24 * hour;
const now = start + 3 * day;

test("cases that are added, edited, open, closed and removed count so from the next turn on", async () => {
  const world = await turns();
  const { feed } = world;
  for (let number = 0; number < 6; number++) feed.arrive(number);
  const cases = (...texts: string[]) =>
    writeFileSync(join(world.folder, "cases.yaml"), `cases:\n${texts.join("")}`);
  const table = join(world.folder, "out", "rows.parquet");
  const of = (rows: readonly Row[], id: number) => rows.filter(({ case_id }) => case_id === id);
  const statuses = async (id: number) => new Set(of(await world.rows(), id).map(({ status }) => status));
  const first = caseText(1, start, start + day);

  cases(first);
  await world.turn(now);
  const before = await world.rows();
  expect(new Set(before.map(({ case_id }) => case_id))).toEqual(new Set([1]));

  // One is added; nothing else changes, nor is it read again.
  const ahead = caseText(2, start + day, start + 4 * day);
  cases(first, ahead);
  const added = await world.turn(now);
  expect(added.published.get(table)).toMatchObject({ changed: 0, same: before.length, gone: 0 });
  expect(of(await world.rows(), 1)).toEqual(before);
  // Its end is ahead: what is of one init and lead is whole, all else may grow.
  for (const { status, init_time } of of(await world.rows(), 2))
    expect(status).toBe(init_time === null ? "provisional" : "complete");

  // It goes on: what there is more of it counts.
  const counted = (rows: readonly Row[]) => Math.max(...of(rows, 2).map(({ n }) => n));
  cases(first, caseText(2, start + day, start + 2 * day));
  await world.turn(now);
  const closed = counted(await world.rows());
  cases(first, caseText(2, start + day, "open"));
  await world.turn(now + 300 * day);
  expect(await statuses(2)).toContain("provisional");
  expect(counted(await world.rows())).toBeGreaterThan(closed);

  // It is over, and its last valid time is complete: nothing more can come.
  cases(first, caseText(2, start + day, start + 3 * day));
  await world.turn(start + 3 * day + 71 * hour);
  expect(await statuses(2)).toContain("provisional");
  await world.turn(start + 3 * day + 73 * hour);
  expect(await statuses(2)).toEqual(new Set(["complete"]));
  expect(await world.rows()).toEqual(await world.streamed());

  // Another region is another question; one that is removed has no rows.
  cases(caseText(1, start, start + day, 48.5));
  const edited = await world.turn(now + 30 * day);
  expect(edited.published.get(table)).toMatchObject({ added: 0, changed: before.length, same: 0 });
  expect(edited.published.get(table)!.gone).toBeGreaterThan(0);
  expect((await world.rows()).length).toBe(before.length);
  expect(await world.rows()).toEqual(await world.streamed());
});
