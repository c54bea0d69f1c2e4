import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../src/model/event.ts";
import { askRun, watchRun } from "../../../src/runtime/control/controlClient.ts";
import type { Answer } from "../../../src/runtime/control/request.ts";
import { end, fakeRun, note, ownPlace, rawClient, served, until } from "./fakeRun.ts";

const start = async () => {
  const run = fakeRun();
  const place = ownPlace();
  const { id, close } = await served(run, place);
  const address = join(place.runtime!, "ewb", `${id}.sock`);
  return { run, place, id, close, address, at: { id, address } };
};

describe("what may be asked", () => {
  test("status: what the run says, under the server's id", async () => {
    const { run, at } = await start();
    expect(await askRun(at, { do: "status" })).toEqual({
      now: { ...run.controls.status(), id: "heatwave-4711" },
    });
    expect(run.changes).toEqual([]);
  });

  test("memory: what it was, what it is, an event", async () => {
    const { run, at } = await start();
    const { was, now } = await askRun(at, { do: "memory", bytes: 1.1e9 });
    expect([was!.memory.limit, now.memory.limit]).toEqual([2.1e9, 1.1e9]);
    expect(run.changes).toEqual([
      { event: "control", t: 200, what: "budget", from: 2e9, to: 1e9, by: "control" },
    ]);
  });

  test("pause and resume: an event each, none where nothing changed", async () => {
    const { run, at } = await start();
    for (const verb of ["pause", "pause", "resume", "resume"] as const) await askRun(at, { do: verb });
    expect(run.controls.status().state).toBe("running");
    expect(run.changes).toEqual([
      { event: "control", t: 200, what: "pause", from: "running", to: "paused", by: "control" },
      { event: "control", t: 200, what: "resume", from: "paused", to: "running", by: "control" },
    ]);
  });

  test("watch: every event to the end, then nothing is listened to", async () => {
    const { run, at } = await start();
    const seen: RunEvent[] = [];
    const watching = watchRun(at, (event) => seen.push(event));
    await until(() => run.listeners.size === 1);
    run.emit(note("first"));
    await askRun(at, { do: "pause" });
    run.emit(end);
    await watching;
    expect(seen).toEqual([note("first"), run.changes[0], end]);
    await until(() => run.listeners.size === 0);
  });

  test("what the run refuses is told to who asked, and changes nothing", async () => {
    const { run, at } = await start();
    await expect(askRun(at, { do: "memory", bytes: 1000 })).rejects.toMatchObject({
      tag: "Unsupported",
      message: "heatwave-4711: 1000 bytes are less than the run holds without any unit",
    });
    expect(run.changes).toEqual([]);
    expect((await askRun(at, { do: "status" })).now.memory.limit).toBe(2.1e9);
  });
});

describe("who may ask", () => {
  test("folder 0700, socket 0600", async () => {
    const { address } = await start();
    expect(lstatSync(address).isSocket()).toBe(true);
    expect(lstatSync(address).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(address, "..")).mode & 0o777).toBe(0o700);
  });

  test("the socket is gone when the run is", async () => {
    const { close, place, at } = await start();
    await close();
    await close();
    expect(readdirSync(join(place.runtime!, "ewb"))).toEqual([]);
    await expect(askRun(at, { do: "status" })).rejects.toMatchObject({ tag: "NotFound" });
  });
});

describe("clients", () => {
  test("two at once: each its own answers, both all events", async () => {
    const { run, at } = await start();
    const seen: RunEvent[][] = [[], []];
    const watching = seen.map((events) => watchRun(at, (event) => events.push(event)));
    await until(() => run.listeners.size === 2);
    const asked = await Promise.all([
      askRun(at, { do: "memory", bytes: 1.1e9 }),
      askRun(at, { do: "status" }),
    ]);
    expect(asked.map(({ was }) => was?.memory.limit)).toEqual([2.1e9, undefined]);
    run.emit(end);
    await Promise.all(watching);
    expect(seen[0]).toEqual([run.changes[0], end]);
    expect(seen[1]).toEqual(seen[0]);
  });

  test("several requests in one piece, one request in several pieces", async () => {
    const { address } = await start();
    const { socket, heard } = rawClient(address);
    socket.setNoDelay(true);
    socket.write('{"do":"pause"}\n{"do":"resume"}\n{"do":"sta');
    await until(() => socket.bytesRead > 0);
    socket.end('tus"}\n');
    const answers = (await heard).trimEnd().split("\n");
    expect(answers.map((line) => (JSON.parse(line) as Answer).now.state)).toEqual([
      "paused",
      "running",
      "running",
    ]);
  });

  test.each([
    ["no JSON", "hello\n", /one JSON object a line/],
    ["no object", "3\n", /one JSON object a line/],
    ["an empty line", "\n", /one JSON object a line/],
    ["an unknown verb", '{"do":"stop"}\n', /expected status, memory, pause, resume or watch/],
    ["no verb", "{}\n", /expected status/],
    ["bytes as text", '{"do":"memory","bytes":"1GB"}\n', /no positive whole number/],
    ["no bytes", '{"do":"memory"}\n', /no positive whole number/],
    ["negative bytes", '{"do":"memory","bytes":-1}\n', /no positive whole number/],
    ["half bytes", '{"do":"memory","bytes":1.5}\n', /no positive whole number/],
    ["a line above 64 KB", `{"do":"${"x".repeat(65_536)}"}\n`, /at most 65536 bytes/],
    ["64 KB without a line end", "x".repeat(65_537), /at most 65536 bytes/],
  ])("%s is answered with one error, then closed", async (_, text, message) => {
    const { run, address, at } = await start();
    const { socket, heard } = rawClient(address);
    socket.write(text);
    socket.write('\n{"do":"pause"}\n');
    const [answer, ...more] = (await heard).split("\n");
    expect(JSON.parse(answer!).error).toMatch(message);
    expect(more).toEqual([""]);
    expect(run.controls.status().state).toBe("running");
    expect((await askRun(at, { do: "status" })).now.state).toBe("running");
  });

  test("a request of 64 KB is read", async () => {
    const { address } = await start();
    const { socket, heard } = rawClient(address);
    socket.end(`${'{"do":"status"}'.padEnd(65_536)}\n`);
    expect(JSON.parse(await heard).now.id).toBe("heatwave-4711");
  });

  test("one that does not read is dropped, the others hear everything", async () => {
    const { run, address, at } = await start();
    const slow = rawClient(address);
    slow.socket.pause();
    slow.socket.write('{"do":"watch"}\n');
    await until(() => run.listeners.size === 1);
    let heard = 0;
    const watching = watchRun(at, () => {
      heard += 1;
    });
    await until(() => run.listeners.size === 2);
    const long = note("x".repeat(100_000));
    let sent = 0;
    while (run.listeners.size === 2 && sent < 200) {
      run.emit(long);
      sent += 1;
      await until(() => heard === sent);
    }
    expect(sent).toBeGreaterThan(9);
    expect(sent).toBeLessThan(50);
    run.emit(end);
    await watching;
    expect(heard).toBe(sent + 1);
  });

  test("one that dies while it watches disturbs nobody", async () => {
    const { run, address, at } = await start();
    const { socket } = rawClient(address);
    socket.write('{"do":"watch"}\n');
    await until(() => run.listeners.size === 1);
    socket.destroy();
    run.emit(note("x".repeat(500_000)));
    await until(() => run.listeners.size === 0);
    expect((await askRun(at, { do: "status" })).now.id).toBe("heatwave-4711");
  });

  test("at most sixteen; the next is told so", async () => {
    const { run, address, at } = await start();
    const sixteen = Array.from({ length: 16 }, () => rawClient(address));
    for (const { socket } of sixteen) socket.write('{"do":"watch"}\n');
    await until(() => run.listeners.size === 16);
    await expect(askRun(at, { do: "status" })).rejects.toThrow(/16 others are connected/);
    sixteen[0]!.socket.destroy();
    await until(() => run.listeners.size === 15);
    expect((await askRun(at, { do: "status" })).now.id).toBe("heatwave-4711");
  });
});

describe("the end of a run", () => {
  test("closing while a client watches: it gets what was said before, then knows that the run is gone", async () => {
    const { run, at, close } = await start();
    const seen: RunEvent[] = [];
    const watching = watchRun(at, (event) => seen.push(event));
    await until(() => run.listeners.size === 1);
    run.emit(note("last words"));
    const closing = close();
    expect(run.listeners.size).toBe(0);
    await expect(watching).rejects.toMatchObject({ tag: "NotFound", message: /heatwave-4711 is gone/ });
    expect(seen).toEqual([note("last words")]);
    await closing;
  });

  test("neither the server nor a client keeps the process alive", async () => {
    const pipes = () => process.getActiveResourcesInfo().filter((what) => /Pipe/.test(what)).length;
    const before = pipes();
    const { run, address } = await start();
    expect(pipes()).toBe(before);
    const { socket } = rawClient(address);
    socket.write('{"do":"watch"}\n');
    await until(() => run.listeners.size === 1);
    socket.unref();
    expect(pipes()).toBe(before);
  });

  test("a client that never hangs up does not hold it up", async () => {
    const { run, address, close } = await start();
    const { socket } = rawClient(address);
    socket.pause();
    socket.write('{"do":"watch"}\n');
    await until(() => run.listeners.size === 1);
    run.emit(note("x".repeat(900_000)));
    await close();
    expect(run.listeners.size).toBe(0);
  });
});
