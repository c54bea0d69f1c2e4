/** What counts as there, for how long it is waited for, and by whose patience. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blank, hour, values } from "./feed.ts";
import { start } from "./smallFeed.ts";
import { type Turns, turns } from "./turns.ts";

const day = 24 * hour;
const noon = start + 12 * hour;
const nothing = { forecast: 0, target: 0, provisional: 0 };

/** Two inits of which all is there, but for what `spoil` has done to the second one. */
const spoiled = async (spoil: (world: Turns) => void): Promise<Turns> => {
  const world = await turns();
  world.feed.arrive(0);
  world.feed.arrive(1);
  spoil(world);
  return world;
};
const dataWith = ({ feed }: Turns, more: string, of = "model") => {
  const text = readFileSync(feed.data, "utf8");
  writeFileSync(feed.data, text.replace(`zarr: ${of}.zarr,`, `zarr: ${of}.zarr, ${more},`));
};

test("a chunk with nothing in it is waited for, counts provisionally, and when it comes for good", async () => {
  const world = await spoiled(({ feed }) => feed.model.put(noon, 0, blank));
  expect((await world.turn(noon + 6 * hour)).waiting).toEqual({ ...nothing, forecast: 1 });
  const statusOf = async (init: number) =>
    (await world.rows())
      .filter(
        ({ metric, init_time, lead_hours }) =>
          metric === "mean error" && init_time === init && lead_hours === 0,
      )
      .map(({ status, n }) => [status, n]);
  expect([await statusOf(start), await statusOf(noon)]).toEqual([[["complete", 20]], []]);
  expect((await world.turn(noon + 25 * hour)).waiting).toEqual({ ...nothing, provisional: 1 });
  expect(await statusOf(noon)).toEqual([["provisional", 0]]);
  world.feed.model.put(noon, 0, values(291));
  expect((await world.turn(noon + 26 * hour)).waiting).toEqual(nothing);
  expect(await statusOf(noon)).toEqual([["complete", 20]]);
  await world.turn(noon + 40 * day);
  expect(await world.rows()).toEqual(await world.streamed());
});

test("and so is one of the target, but none where a source says that it is meant so", async () => {
  const world = await spoiled(({ feed }) => feed.analysis.put(noon, blank));
  // One of this init and one of the init before.
  expect((await world.turn(noon + 6 * hour)).waiting).toEqual({ ...nothing, target: 2 });
  dataWith(world, "absent: fill", "analysis");
  expect((await world.turn(noon + 7 * hour)).waiting).toEqual(nothing);
});

test("a chunk that is half written is waited for; when it should be there it is a failure", async () => {
  const world = await spoiled(({ feed }) => feed.model.put(noon, 0, values(291), { part: 0.5 }));
  const early = await world.turn(noon + 6 * hour);
  expect([early.waiting, early.failures]).toEqual([{ ...nothing, forecast: 1 }, []]);
  const before = await world.rows();
  const late = await world.turn(noon + 25 * hour);
  expect(late.failures).toMatchObject([{ case_id: 1, forecast: "model", tag: "Codec" }]);
  // What was published stays.
  expect(await world.rows()).toEqual(before);
  world.feed.model.put(noon, 0, values(291));
  const whole = await world.turn(noon + 26 * hour);
  expect([whole.waiting, whole.failures]).toEqual([nothing, []]);
});

test("by the patience of the source, that of the command line before that of the data set", async () => {
  const world = await spoiled(({ feed }) => feed.model.remove(noon, 0));
  dataWith(world, "wait: 2h, never: 4h");
  const waiting = async (hours: number, sources = {}) =>
    (await world.turn(noon + hours * hour, { sources })).waiting;
  expect(await waiting(1.9)).toEqual({ ...nothing, forecast: 1 });
  expect(await waiting(2)).toEqual({ ...nothing, provisional: 1 });
  expect(await waiting(4)).toEqual(nothing);
  const model = { deadline: 5 * hour };
  expect(await waiting(4.9, { model })).toEqual({ ...nothing, forecast: 1 });
  // What never comes does so after the deadline, whatever the data set says.
  expect(await waiting(5, { model })).toEqual(nothing);
  expect(await waiting(1.9, { analysis: { deadline: 0 } })).toEqual({ ...nothing, forecast: 1 });
});
