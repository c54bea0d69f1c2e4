/**
 * Lets the owner of a run steer it while it goes, over a local socket (`ewb control`). A run that cannot have one
 * says so once and goes on without.
 */
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { ControlEvent } from "../../model/event.ts";
import { type ControlPlace, controlPlace, ownFolder, socketAddress, socketFolders } from "./controlPlace.ts";
import { type Conversation, conversation, type Desk } from "./conversation.ts";
import { refuses } from "./refuses.ts";
import { runId } from "./runId.ts";
import type { Controls, Status } from "./status.ts";

/** Clients at once: a bound on what they can make the run keep (1 MB each). */
const mostClients = 16;
/** Runs of one name: equal process ids in several containers that share the folder. */
const mostNamesakes = 9;

export interface ControlOptions {
  /** File of the pipeline, for the id. */
  readonly pipeline: string;
  /** Told once where there is no control, and why. */
  readonly say: (message: string) => void;
  /** Told of every change. */
  readonly emit: (event: ControlEvent) => void;
  readonly place?: ControlPlace;
}

/** `close` ends every conversation and removes the socket; what clients have not read after half a second is lost. */
export interface ControlServer {
  readonly id: string;
  close(): Promise<void>;
}

/**
 * Never rejects, and never keeps the process alive.
 *
 * @example
 * const control = await controlServer(controls, { pipeline: "heatwave.ts", say, emit });
 * say(`steer it with: ewb control ${control.id}`);
 */
export const controlServer = async (controls: Controls, options: ControlOptions): Promise<ControlServer> => {
  const place = options.place ?? controlPlace();
  const clients = new Map<Socket, Conversation>();
  let id = runId(options.pipeline, place.pid);
  const status = (): Status => ({ ...controls.status(), id });

  const desk: Desk = {
    answer(request) {
      if (request.do === "status" || request.do === "watch") return { now: status() };
      const was = status();
      if (request.do === "memory") controls.memory(request.bytes);
      else controls[request.do]();
      const now = status();
      const change =
        request.do === "memory"
          ? ({ what: "budget", from: was.memory.budget, to: now.memory.budget } as const)
          : ({ what: request.do, from: was.state, to: now.state } as const);
      if (change.from !== change.to) options.emit({ event: "control", t: now.t, by: "control", ...change });
      return { was, now };
    },
    watch: (listener) => controls.watch(listener),
  };

  const server = createServer((socket) => {
    const full = clients.size >= mostClients;
    const client = conversation(socket, desk);
    clients.set(socket, client);
    socket.on("close", () => clients.delete(socket));
    if (full) client.refuse(`${mostClients} others are connected to ${id}: try again later`);
  });
  const problems: string[] = [];
  for (const folder of socketFolders(place)) {
    try {
      await ownFolder(folder, place);
      id = await listen(server, folder, id, place);
      server.unref();
      server.on("error", () => {}); // a connection that could not be taken is the client's concern
      const close = async () => {
        const closed = once(server, "close");
        server.close();
        for (const client of clients.values()) client.end();
        await closed;
      };
      return { id, close };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  options.say(`no "ewb control" for this run, it goes on without: ${problems.join("; ")}`);
  return { id, close: async () => {} };
};

/** Listens under the id, or the next one that is free; the socket of a dead run of that name is removed. */
const listen = async (server: Server, folder: string, id: string, place: ControlPlace): Promise<string> => {
  for (let n = 1; ; n++) {
    const name = n === 1 ? id : `${id}-${n}`;
    const address = socketAddress(folder, name, place);
    if (place.platform !== "win32" && (await refuses(address))) await rm(address, { force: true });
    try {
      const listening = once(server, "listening"); // rejects with what `error` says
      server.listen(address);
      await listening;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE" && n < mostNamesakes) continue;
      throw error;
    }
    if (place.platform !== "win32") await closedOnFailure(server, chmod(address, 0o600));
    return name;
  }
};

const closedOnFailure = (server: Server, work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    server.close();
    throw error;
  });
