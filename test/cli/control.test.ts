import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type ControlFlags, controlCommand } from "../../src/cli/controlCommand.ts";
import type { ControlPlace } from "../../src/runtime/control/controlPlace.ts";
import { end, fakeRun, note, ownPlace, served, until } from "../runtime/control/fakeRun.ts";

const stream = () => {
  const written: string[] = [];
  const write = (chunk: unknown, _: unknown, done: () => void) => {
    written.push(String(chunk));
    done();
  };
  return { stream: new Writable({ write }) as unknown as NodeJS.WriteStream, text: () => written.join("") };
};

const control = async (place: ControlPlace, run: string | undefined, flags: ControlFlags = {}) => {
  const [out, err] = [stream(), stream()];
  const code = await controlCommand(run, flags, { out: out.stream, err: err.stream }, place);
  return { code, out: out.text(), err: err.text() };
};

const started = async () => {
  const place = ownPlace();
  const run = fakeRun();
  await served(run, place);
  return { place, run };
};

const statusLines = `\
heatwave-4711  running, for 3 min, since 2026-07-01 12:00:00 UTC
pipeline       pipelines/heatwave.ts
done           120 of 480 units (25 %), 1 of 4 cases
so far         2790 rows, 2 units failed, 1.3 GB read
time left      3 min to 4 min
waiting        3 units for memory, 1 of 2 workers for the store
limit          2.1 GB: baseline 100 MB, budget 2.0 GB
in use         units 300 MB, states 5.0 MB
cached         400 MB, given back when needed
RSS            850 MB
worker 1  waiting for the store for 12 s  case 3  HRES t2m/0.4.1  32 MB
worker 2  idle for 1 s
`;

describe("one run", () => {
  test("its status, without being named", async () => {
    const { place } = await started();
    expect(await control(place, undefined)).toEqual({ code: 0, out: statusLines, err: "" });
    expect(await control(place, "heat", { status: true })).toEqual({ code: 0, out: statusLines, err: "" });
  });

  test("--json is the object", async () => {
    const { place, run } = await started();
    const { code, out } = await control(place, undefined, { status: true, json: true });
    expect([code, JSON.parse(out)]).toEqual([0, { ...run.controls.status(), id: "heatwave-4711" }]);
  });

  test("what is not known is not made up", async () => {
    const { place, run } = await started();
    const known = run.controls.status();
    run.controls.status = () => ({
      ...known,
      eta: null,
      workers: [],
      memory: { ...known.memory, limit: null, baseline: null, rss: null, waiting: 0 },
    });
    const { out } = await control(place, undefined);
    expect(out).toMatch(/^time left +not known yet$/m);
    expect(out).toMatch(/^waiting +for nothing$/m);
    expect(out).toMatch(/^limit +not measured: baseline not measured, budget 2\.0 GB$/m);
    expect(out).toMatch(/^RSS +not measured$/m);
  });

  test("--memory says what it was and what it is", async () => {
    const { place, run } = await started();
    expect(await control(place, "heatwave-4711", { memory: "1.1GB" })).toEqual({
      code: 0,
      err: "",
      out: `\
heatwave-4711  was     is
limit          2.1 GB  1.1 GB
budget         2.0 GB  1.0 GB
in use         305 MB  305 MB
RSS            850 MB  850 MB
`,
    });
    expect(run.controls.status().memory.limit).toBe(1.1e9);
    const again = await control(place, "heatwave-4711", { memory: "1.1GB" });
    expect(again.out).toMatch(/^limit +1\.1 GB {2}1\.1 GB$/m);
  });

  test("--pause and --resume say how to go on, and what nothing changed", async () => {
    const { place, run } = await started();
    const said = async (flags: ControlFlags) => (await control(place, "h", flags)).out;
    expect(await said({ pause: true })).toBe(
      "heatwave-4711 was running, is paused; what is in work finishes. ewb control heatwave-4711 --resume goes on\n",
    );
    expect(run.controls.status().state).toBe("paused");
    expect(await said({})).toMatch(
      /^waiting +to be resumed \(ewb control heatwave-4711 --resume\), 3 units/m,
    );
    expect(await said({ resume: true })).toBe("heatwave-4711 was paused, is running\n");
    expect(await said({ resume: true })).toBe("heatwave-4711 is running, as before\n");
    expect(run.controls.status().state).toBe("running");
  });

  test("what it refuses is exit code 1", async () => {
    const { place } = await started();
    expect(await control(place, undefined, { memory: "1KB" })).toEqual({
      code: 1,
      out: "",
      err: "ewb: heatwave-4711: 1000 bytes are less than the run holds without any unit\n",
    });
  });
});

describe("--watch", () => {
  const events = (run: ReturnType<typeof fakeRun>) => {
    const event = { event: "case", id: 3, title: "Hot week" } as const;
    run.emit({ ...event, state: "running", done: 1 });
    run.emit({ ...event, state: "running", done: 2 });
    run.emit({ event: "warning", source: "HRES", message: "slow" });
    run.emit(note("a note"));
    run.emit({ event: "control", t: 9, what: "budget", from: 2e9, to: 1e9, by: "control" });
    run.emit({ event: "control", t: 9, what: "pause", from: "running", to: "paused", by: "control" });
    run.emit({ ...event, state: "done" });
    run.emit({ event: "published", path: "heatwave.parquet", rows: 2790, bytes: 45_000 });
    run.emit(end);
  };

  test("a line an event until the run ends", async () => {
    const { place, run } = await started();
    const watching = control(place, undefined, { watch: true });
    await until(() => run.listeners.size === 1);
    events(run);
    expect(await watching).toEqual({
      code: 0,
      err: "",
      out: `\
case 3 Hot week: running
warning: HRES: slow
a note
budget 2.0 GB → 1.0 GB (control)
pause running → paused (control)
case 3 Hot week: done
heatwave.parquet: 2790 rows (45 kB)
complete: 2790 rows, 0 failed
`,
    });
  });

  test("--json: every event as it is", async () => {
    const { place, run } = await started();
    const watching = control(place, undefined, { watch: true, json: true });
    await until(() => run.listeners.size === 1);
    run.emit(note("a note"));
    run.emit(end);
    const { code, out } = await watching;
    const lines = out.trimEnd().split("\n");
    expect([code, lines.map((line) => JSON.parse(line))]).toEqual([0, [note("a note"), end]]);
  });

  test("a run that goes without an end is exit code 1", async () => {
    const place = ownPlace();
    const run = fakeRun();
    const { close } = await served(run, place);
    const watching = control(place, undefined, { watch: true });
    await until(() => run.listeners.size === 1);
    await close();
    const { code, err } = await watching;
    expect(code).toBe(1);
    expect(err).toMatch(/^ewb: the run heatwave-4711 is gone .*\n$/);
  });
});

describe("which run", () => {
  test("none: exit code 1, and where was looked", async () => {
    const place = ownPlace();
    const { code, out, err } = await control(place, undefined);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`ewb: no run is going (looked in ${place.runtime}/ewb, `);
    expect((await control(place, "x", { pause: true })).err).toMatch(/^ewb: no run x is going: /);
  });

  const listed = `\
id           pipeline               started (UTC)        state
freeze-12    freeze.ts              2026-07-01 12:00:00  running
heatwave-4   pipelines/heatwave.ts  2026-07-01 12:00:00  running
heatwave-47  pipelines/heatwave.ts  2026-07-01 12:00:00  running
`;
  const several = async () => {
    const place = ownPlace();
    const runs = [fakeRun("freeze.ts"), fakeRun(), fakeRun()] as const;
    await served(runs[0], { ...place, pid: 12 }, "freeze.ts");
    await served(runs[1], { ...place, pid: 4 });
    await served(runs[2], { ...place, pid: 47 });
    return { place, runs };
  };

  test("several: a list", async () => {
    const { place } = await several();
    expect(await control(place, undefined)).toEqual({ code: 0, out: listed, err: "" });
    const { out } = await control(place, undefined, { json: true });
    const ids = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(["freeze-12", "heatwave-4", "heatwave-47"]);
  });

  test("several that could be meant: nothing is done, they are listed, exit code 2", async () => {
    const { place, runs } = await several();
    const { code, out, err } = await control(place, undefined, { pause: true });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^ewb: say which run is meant/);
    expect(err).toContain(listed);
    expect((await control(place, "heatwave-", { pause: true })).err).not.toContain("freeze");
    expect(runs.map(({ controls }) => controls.status().state)).toEqual(["running", "running", "running"]);
    expect((await control(place, "heatwave-4", { pause: true })).code).toBe(0);
    expect(runs.map(({ controls }) => controls.status().state)).toEqual(["running", "paused", "running"]);
  });

  test.each<[ControlFlags, RegExp]>([
    [{ memory: "much" }, /"much" is no amount of memory/],
    [{ pause: true, resume: true }, /one thing at a time: got --pause and --resume/],
    [{ memory: "1GB", watch: true }, /got --memory and --watch/],
  ])("%j is wrong usage", async (flags, message) => {
    const { place, run } = await started();
    await expect(control(place, undefined, flags)).rejects.toMatchObject({ tag: "Options", message });
    expect(run.controls.status()).toEqual(fakeRun().controls.status());
  });
});
