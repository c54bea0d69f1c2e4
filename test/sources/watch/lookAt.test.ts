import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { waitPolicy } from "../../../src/kernels/completeness.ts";
import { versionOf } from "../../../src/kernels/versionOf.ts";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import type { Source } from "../../../src/model/source.ts";
import type { Wanted } from "../../../src/model/watch.ts";
import { type SourceOpener, sourceOpener } from "../../../src/sources/openSource.ts";
import { lookAt, type SourceView } from "../../../src/sources/watch/lookAt.ts";
import { testContext, wholeWindow } from "../grid/openTest.ts";
import { serveBucket } from "../stores/bucket.ts";
import { firstInit, forecastSource, GrowingStore, hour } from "./growing.ts";

const variables = ["surface_air_temperature"];
const { settle, deadline } = waitPolicy;
const day = 24 * hour;
/** All is written at this time, looks come later. */
const written = Date.UTC(2024, 0, 5);

let folder: string;
let store: GrowingStore;
let opener: SourceOpener;
let requests: () => number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ewb-lookAt-"));
  store = new GrowingStore(join(folder, "a.zarr"));
  const { context, counted } = testContext();
  requests = () => counted.requests;
  opener = sourceOpener(context, { grows: "looked at" });
});
afterEach(async () => {
  await opener[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const opening = async (more: Partial<Source> = {}) => {
  const opened = (await opener.open(forecastSource(store.folder, more))) as OpenGrid;
  await opened.check(variables);
  return opened;
};
const all = (opened: OpenGrid): Wanted[] => {
  if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
  const refs = [...opened.times.refs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
  const window = wholeWindow(opened);
  return refs.map((ref) => ({ ref, variables, window }));
};
const write = (inits: number, present: readonly (readonly [init: number, leads: readonly number[]])[]) => {
  store.declare({ inits });
  store.coordinates({ inits });
  for (const [init, leads] of present) for (const lead of leads) store.putLead(init, lead, { at: written });
};
const statuses = (view: SourceView, wanted: readonly Wanted[]) => wanted.map((one) => view.status(one));
const named = (wanted: readonly Wanted[]) =>
  wanted.map(({ ref }) => `${(ref.initTime - firstInit) / (12 * hour)}+${ref.lead / hour}`);

it("says what is there of each unit, and its version as reading gives it", async () => {
  write(2, [
    [0, [0, 1, 2]],
    [1, [0]],
  ]);
  store.putLead(1, 1, { halves: [0], at: written });
  const opened = await opening();
  const wanted = all(opened);
  const before = requests();
  const view = await lookAt(opened, wanted, undefined, { now: written + settle });
  expect(statuses(view, wanted)).toEqual([
    "complete",
    "complete",
    "complete",
    "complete",
    "partial",
    "not-yet",
  ]);
  // Each chunk is asked for once.
  expect(requests() - before).toBe(12);
  for (const one of wanted) {
    const { versions } = await opened.read(one.ref.slot, variables, one.window, {});
    expect(view.version(one)).toBe(versionOf(versions));
  }
  expect(named(view.changed(undefined))).toEqual(named(wanted));
  expect(view.arrivals).toEqual(new Map([[firstInit, written]]));
  const other = { ...wanted[0]!, window: { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: 1 }] } };
  expect(() => view.status(other)).toThrow(expect.objectContaining({ tag: "Pipeline" }));
});

it("tells what changed since the last view, and nothing else", async () => {
  write(2, [
    [0, [0, 1, 2]],
    [1, [0, 1]],
  ]);
  const opened = await opening();
  const wanted = all(opened);
  const now = written + settle;
  const first = await lookAt(opened, wanted, undefined, { now });
  const second = await lookAt(opened, wanted, first, { now: now + hour });
  expect(second.changed(first)).toEqual([]);
  // A lead comes, another one is written again.
  store.putLead(1, 2, { at: now + hour });
  store.putLead(0, 1, { at: now + hour, value: 290 });
  const third = await lookAt(opened, wanted, second, { now: now + hour + 1 });
  expect(named(third.changed(second))).toEqual(["0+6", "1+12"]);
  expect([third.status(wanted[1]!), third.status(wanted[5]!)]).toEqual(["partial", "partial"]);
  expect(third.settlesAt).toBe(now + hour + settle);
  // Nothing is written any more: it is settled.
  const fourth = await lookAt(opened, wanted, third, { now: third.settlesAt! });
  expect(named(fourth.changed(third))).toEqual(["0+6", "1+12"]);
  expect(fourth.version(wanted[1]!)).toBe(third.version(wanted[1]!));
  expect(statuses(fourth, wanted)).toEqual(Array(6).fill("complete"));
  expect(fourth.settlesAt).toBeUndefined();
  // Only one unit more is wanted.
  const fewer = await lookAt(opened, wanted.slice(0, 5), fourth, { now: now + day });
  const more = await lookAt(opened, wanted, fewer, { now: now + day });
  expect(named(more.changed(fewer))).toEqual(["1+12"]);
});

it("a chunk whose size changes between looks is still written, whatever its time says", async () => {
  write(1, [[0, [0, 1, 2]]]);
  const opened = await opening();
  const wanted = all(opened);
  const policy = { ...waitPolicy, settle: 10 * settle };
  let view: SourceView | undefined;
  for (const minute of [0, 5, 10, 15]) {
    // A writer whose clock is ahead of ours.
    store.putLead(0, 0, { at: written + 9 * day + minute, value: minute });
    view = await lookAt(opened, wanted, view, { now: written + minute * settle, policy });
    expect(view.status(wanted[0]!)).toBe("partial");
  }
  view = await lookAt(opened, wanted, view, { now: written + 25 * settle, policy });
  expect(view.status(wanted[0]!)).toBe("complete");
});

it("what does not come is given up long after it was due, and long after something later came", async () => {
  write(3, [
    [0, [0, 2]],
    [2, [0, 1, 2]],
  ]);
  const opened = await opening();
  const wanted = all(opened);
  const expected = (init: number) => (init === firstInit ? written + 3 * hour : init);
  const at = async (now: number) =>
    statuses(await lookAt(opened, wanted, undefined, { now, expected }), wanted);
  const waiting = ["complete", "not-yet", "complete", "not-yet", "not-yet", "not-yet"];
  const whole = ["complete", "complete", "complete"];
  expect(await at(written + deadline - 1)).toEqual([...waiting, ...whole]);
  const never = ["never", "never", "never"];
  expect(await at(written + deadline)).toEqual([...waiting.slice(0, 3), ...never, ...whole]);
  expect(await at(written + 3 * hour + deadline)).toEqual([
    "complete",
    "never",
    "complete",
    ...never,
    ...whole,
  ]);
  // What comes next is written again: what came after it long ago still says that it is late.
  store.putLead(0, 2, { at: written + deadline });
  expect((await at(written + 3 * hour + deadline))[1]).toBe("never");
  // Nothing came after the last one: the system stands still, and may go on.
  store.remove("t2m/2.2.0.0");
  expect((await at(written + 9 * deadline)).at(-1)).toBe("partial");
});

it("another part of the same lead is nothing later", async () => {
  write(1, []);
  store.putLead(0, 0, { halves: [0], at: written });
  const opened = await opening();
  const part = (start: number) => ({ rows: { start: 0, stop: 4 }, columns: [{ start, stop: start + 3 }] });
  const [{ ref }] = all(opened) as [Wanted, ...Wanted[]];
  const wanted = [part(0), part(3)].map((window) => ({ ref, variables, window }));
  const view = await lookAt(opened, wanted, undefined, { now: written + 9 * deadline });
  expect(statuses(view, wanted)).toEqual(["complete", "not-yet"]);
});

describe("sources that leave out what holds only the fill value", () => {
  it("are complete without it once another chunk is there", async () => {
    write(1, [[0, [1]]]);
    store.putLead(0, 0, { halves: [1], at: written });
    const opened = await opening({ absent: "fill" });
    const view = await lookAt(opened, all(opened), undefined, { now: written + settle });
    expect(statuses(view, all(opened))).toEqual(["complete", "complete", "not-yet"]);
  });
});

it("an axis that is longer than what is written is no arrival", async () => {
  write(9, [[0, [0, 1, 2]]]);
  const opened = await opening();
  const view = await lookAt(opened, all(opened), undefined, { now: written + day });
  expect([...view.arrivals.keys()]).toEqual([firstInit]);
  expect(statuses(view, all(opened)).slice(3)).toEqual(Array(24).fill("not-yet"));
});

it("a store that is replaced under its address is new everywhere", async () => {
  write(1, [[0, [0, 1, 2]]]);
  const opened = await opening();
  const now = written + settle;
  const view = await lookAt(opened, all(opened), undefined, { now });
  // The same chunks, the other way up.
  store.put("latitude/0", new Uint8Array(Float64Array.of(47, 48, 49, 50).buffer));
  expect(await opener.renew()).toEqual([store.folder]);
  const turned = await opening();
  const next = await lookAt(turned, all(turned), view, { now });
  expect(named(next.changed(view))).toEqual(["0+0", "0+6", "0+12"]);
  // The same values, written again.
  for (const lead of [0, 1, 2]) store.putLead(0, lead, { at: written + 1 });
  const rewritten = await lookAt(turned, all(turned), next, { now });
  expect(rewritten.changed(next).length).toBe(3);
  expect(rewritten.version(all(turned)[0]!)).not.toBe(next.version(all(turned)[0]!));
});

it("is the same over the web, in few requests", async () => {
  write(
    20,
    [...Array(20).keys()].map((init) => [init, [0, 1, 2]]),
  );
  await using bucket = await serveBucket(folder);
  bucket.ways.listing = "bucket";
  const environment = { AWS_ENDPOINT_URL_S3: bucket.url };
  const web = sourceOpener({ ...testContext().context, environment }, { grows: "looked at" });
  const opened = (await web.open(forecastSource("s3://bucket/a.zarr"))) as OpenGrid;
  await opened.check(variables);
  const before = bucket.methods.length;
  const view = await lookAt(opened, all(opened), undefined, { now: written + settle });
  expect(new Set(statuses(view, all(opened)))).toEqual(new Set(["complete"]));
  expect(bucket.methods.length - before).toBe(2);
  expect(await web.renew()).toEqual([]);
  await web[Symbol.asyncDispose]();
});
