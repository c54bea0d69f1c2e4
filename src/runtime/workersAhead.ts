/**
 * Threads of a run that begin before the rest of the program is loaded: they load what a worker needs while this
 * thread loads what it needs. Only where there is room for all that are wanted, however large the program turns out.
 */
import type { Worker } from "node:worker_threads";
import type { System } from "./machine/system.ts";
import { mostProgram, type Room, roomOf } from "./memory.ts";
import type { RunOptions } from "./options.ts";
import { newThread } from "./workerThread.ts";

export interface WorkersAhead {
  readonly room: Room;
  /** Not yet told what to do: whoever needs one takes it out. They keep no process alive. */
  readonly threads: Worker[];
}

/**
 * @throws `Options` for a size that cannot be read
 * @example const ahead = workersAhead(thisSystem(), { memory: "2GB" }); // undefined where memory is short
 */
export const workersAhead = (
  system: System,
  options: Pick<RunOptions, "memory" | "workers" | "workersAs">,
  begin: typeof newThread = newThread,
): WorkersAhead | undefined => {
  const room = roomOf(system, options, true, mostProgram);
  if (room.kind !== "thread" || room.wanted === 0 || room.floor.workers < room.wanted) return undefined;
  const threads: Worker[] = [];
  for (let i = 0; i < room.wanted; i++) {
    const thread = begin();
    thread.unref();
    threads.push(thread);
    // One that fails, or ends, so early is no use to anybody: another one is started, and does the same.
    const gone = () => {
      const at = threads.indexOf(thread);
      if (at >= 0) threads.splice(at, 1);
    };
    thread.on("error", gone).on("exit", gone);
  }
  return { room, threads };
};
