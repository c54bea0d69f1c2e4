/** A tick of a run for tests: what is not said is nothing. */
import type { MemoryState, RequestState, Stage, TickEvent, WorkerState } from "../../src/model/event.ts";
import { Progress } from "../../src/runtime/progress.ts";
import { noTimes } from "../../src/runtime/stages/workerStages.ts";

export interface Told {
  readonly stages?: Partial<Record<Stage, number>>;
  readonly memory?: Partial<MemoryState>;
  readonly requests?: Partial<RequestState>;
  readonly units?: TickEvent["units"];
  readonly eta?: TickEvent["eta"];
  readonly workers?: readonly WorkerState[];
  readonly read?: number;
}

export const tickOf = (t: number, { stages, units, eta, read, ...measured }: Told = {}): TickEvent => {
  const tick = new Progress(0).tick(1000 * t, { ...measured, stages: { ...noTimes(), ...stages } });
  return {
    ...tick,
    units: units ?? { done: 0, total: 100, failed: 0 },
    eta: eta ?? null,
    bytes: { ...tick.bytes, read: read ?? 0 },
  };
};

export const workerOf = (more: Partial<WorkerState>): WorkerState => ({
  id: 0,
  stage: "idle",
  since: 0,
  case: null,
  source: null,
  key: null,
  begun: null,
  leased: 0,
  segments: [],
  ...more,
});
