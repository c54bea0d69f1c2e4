/**
 * What a run says of itself when asked from outside, and what may be asked of it. Plain data: times in seconds of
 * the run's own clock, sizes in bytes, null for what is not known; fields are those of the events.
 */
import type { MemoryState, RunEvent, TickEvent, WorkerState } from "../../model/event.ts";

/** `paused`: admits nothing new, what is in work finishes. `draining`: the same, and then ends. */
export type RunState = "running" | "paused" | "draining";

export interface Status extends Pick<TickEvent, "t" | "units" | "cases" | "rows" | "eta"> {
  readonly id: string;
  readonly pipeline: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly state: RunState;
  readonly memory: Omit<MemoryState, "largest">;
  readonly bytes: Pick<TickEvent["bytes"], "read">;
  readonly workers: readonly Omit<WorkerState, "segments" | "begun">[];
}

/**
 * What a run lets others do to it. Each takes effect before it returns, so that `status()` after it tells the new
 * state; what is refused throws, and the message goes to the one who asked.
 */
export interface Controls {
  /** The id is the server's: what stands here is replaced. */
  status(): Omit<Status, "id">;
  /** What the whole process tree may hold from now on, like `--memory`. */
  memory(bytes: number): void;
  pause(): void;
  resume(): void;
  /** Returns the way to stop listening. */
  watch(listener: (event: RunEvent) => void): () => void;
}
