import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { askRun } from "../../../src/runtime/control/controlClient.ts";
import type { ControlPlace } from "../../../src/runtime/control/controlPlace.ts";
import { runningRuns } from "../../../src/runtime/control/runningRuns.ts";
import { fakeRun, ownPlace, served, temporary } from "./fakeRun.ts";

const ids = async (place: ControlPlace, wanted?: string) =>
  (await runningRuns(place, wanted)).runs.map(({ id }) => id);

/** The socket of a run that was killed: there, and nobody listens. */
const stale = (path: string) => {
  const { status } = spawnSync(process.execPath, [
    "-e",
    `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`,
  ]);
  expect(status).toBe(null);
  expect(lstatSync(path).isSocket()).toBe(true);
};
const longAgo = (path: string) => utimesSync(path, 1, 1);

describe("finding a run", () => {
  test("by id, by a beginning that is unique, or all, sorted", async () => {
    const place = ownPlace();
    await served(fakeRun("freeze.ts"), { ...place, pid: 12 }, "freeze.ts");
    await served(fakeRun(), { ...place, pid: 47 });
    await served(fakeRun(), { ...place, pid: 4 });
    expect(await ids(place)).toEqual(["freeze-12", "heatwave-4", "heatwave-47"]);
    expect(await ids(place, "fr")).toEqual(["freeze-12"]);
    expect(await ids(place, "heat")).toEqual(["heatwave-4", "heatwave-47"]);
    expect(await ids(place, "heatwave-4")).toEqual(["heatwave-4"]);
    expect(await ids(place, "wave")).toEqual([]);
    const { runs, problems } = await runningRuns(place, "freeze");
    expect(runs[0]!.status).toMatchObject({ id: "freeze-12", pipeline: "freeze.ts", state: "running" });
    expect(problems).toEqual([]);
  });

  test("the runs of both folders, where the environments differ", async () => {
    const place = ownPlace({ temporary: temporary() });
    await served(fakeRun(), { ...place, runtime: undefined, pid: 1 });
    await served(fakeRun(), { ...place, pid: 2 });
    expect(readdirSync(join(place.temporary, `ewb-${place.uid}`))).toEqual(["heatwave-1.sock"]);
    expect(await ids(place)).toEqual(["heatwave-1", "heatwave-2"]);
  });

  test("a second run of the same name gets another", async () => {
    const place = ownPlace();
    const servers = [await served(fakeRun(), place), await served(fakeRun(), place)];
    expect(servers.map(({ id }) => id)).toEqual(["heatwave-4711", "heatwave-4711-2"]);
    const { runs } = await runningRuns(place);
    expect(runs.map(({ status }) => status!.id)).toEqual(["heatwave-4711", "heatwave-4711-2"]);
  });

  test("one that does not answer is listed without a status", async () => {
    const place = ownPlace();
    const folder = join(place.runtime!, "ewb");
    mkdirSync(folder, { mode: 0o700 });
    const mute = createServer(() => {});
    await new Promise<void>((done) => mute.listen(join(folder, "mute-1.sock"), done));
    onTestFinished(() => void mute.close());
    const { runs } = await runningRuns(place, "", 50);
    expect(runs).toEqual([{ id: "mute-1", address: join(folder, "mute-1.sock") }]);
    await expect(askRun(runs[0]!, { do: "status" }, 50)).rejects.toMatchObject({
      tag: "NotFound",
      message: /mute-1 does not answer/,
    });
  });

  test("what is no socket of a run is left alone", async () => {
    const place = ownPlace();
    const folder = join(place.runtime!, "ewb");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "notes.txt"), "");
    expect(await ids(place)).toEqual([]);
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });
});

describe("sockets of dead runs", () => {
  test("are removed when found, but not one that may just begin", async () => {
    const place = ownPlace();
    const folder = join(place.runtime!, "ewb");
    mkdirSync(folder, { mode: 0o700 });
    stale(join(folder, "old-1.sock"));
    longAgo(join(folder, "old-1.sock"));
    stale(join(folder, "new-2.sock"));
    await served(fakeRun(), place);
    expect(await ids(place)).toEqual(["heatwave-4711"]);
    expect(readdirSync(folder).sort()).toEqual(["heatwave-4711.sock", "new-2.sock"]);
  });

  test("give way to a run of the same name", async () => {
    const place = ownPlace();
    const folder = join(place.runtime!, "ewb");
    mkdirSync(folder, { mode: 0o700 });
    stale(join(folder, "heatwave-4711.sock"));
    const { id } = await served(fakeRun(), place);
    expect(id).toBe("heatwave-4711");
    expect(await ids(place)).toEqual(["heatwave-4711"]);
  });
});
