/** A run that does nothing, places of its own for its sockets, and a client that says whatever it is told to. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ControlEvent, RunEvent } from "../../../src/model/event.ts";
import { type ControlPlace, controlPlace } from "../../../src/runtime/control/controlPlace.ts";
import { type ControlServer, controlServer } from "../../../src/runtime/control/controlServer.ts";
import type { Controls, RunState, Status } from "../../../src/runtime/control/status.ts";

export const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A folder of the test stands in for the runtime folder of a session and for the temporary ones. */
export const ownPlace = (changed: Partial<ControlPlace> = {}): ControlPlace => {
  const folder = changed.runtime ?? temporary();
  return { ...controlPlace(), runtime: folder, temporary: folder, short: folder, pid: 4711, ...changed };
};

export interface FakeRun {
  readonly controls: Controls;
  readonly listeners: Set<(event: RunEvent) => void>;
  readonly changes: ControlEvent[];
  readonly said: string[];
  readonly emit: (event: RunEvent) => void;
}

const baseline = 100e6;

export const fakeRun = (pipeline = "pipelines/heatwave.ts"): FakeRun => {
  let limit = 2.1e9;
  let state: RunState = "running";
  const listeners = new Set<(event: RunEvent) => void>();
  const changes: ControlEvent[] = [];
  const emit = (event: RunEvent) => {
    if (event.event === "control") changes.push(event);
    for (const listener of listeners) listener(event);
  };
  const status = (): Omit<Status, "id"> => ({
    pipeline,
    started: "2026-07-01T12:00:00.000Z",
    t: 200,
    state,
    memory: {
      limit,
      baseline,
      budget: limit - baseline,
      units: 300e6,
      cache: 400e6,
      states: 5e6,
      rss: 850e6,
      waiting: 3,
    },
    units: { done: 120, total: 480, failed: 2 },
    cases: { done: 1, total: 4 },
    rows: 2790,
    bytes: { read: 1.25e9 },
    workers: [
      { id: 1, stage: "waitStore", since: 188, case: 3, source: "HRES", key: "t2m/0.4.1", leased: 32e6 },
      { id: 2, stage: "idle", since: 199, case: null, source: null, key: null, leased: 0 },
    ],
    eta: { low: 170, high: 240 },
  });
  const controls: Controls = {
    status,
    memory: (bytes) => {
      if (bytes < baseline) throw new Error(`${bytes} bytes are less than the run holds without any unit`);
      limit = bytes;
    },
    pause: () => {
      state = "paused";
    },
    resume: () => {
      state = "running";
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { controls, listeners, changes, said: [], emit };
};

export const served = async (run: FakeRun, place: ControlPlace, pipeline = "pipelines/heatwave.ts") => {
  const server: ControlServer = await controlServer(run.controls, {
    pipeline,
    place,
    say: (message) => run.said.push(message),
    emit: run.emit,
  });
  onTestFinished(() => server.close());
  return server;
};

/** A connection by hand: everything that came until it was closed. */
export const rawClient = (address: string): { socket: Socket; heard: Promise<string> } => {
  const socket = connect(address);
  onTestFinished(() => void socket.destroy());
  let text = "";
  const heard = new Promise<string>((resolve) => {
    socket.on("data", (bytes) => {
      text += bytes;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
  return { socket, heard };
};

/** Waits for something that comes about on its own. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

export const note = (message: string): RunEvent => ({ event: "note", message });

export const end: RunEvent = {
  event: "end",
  t: 201,
  state: "complete",
  rows: 2790,
  units: 480,
  failed: 0,
  out: ".",
  report: null,
  amplification: null,
  peak: null,
};
