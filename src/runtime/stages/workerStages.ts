/**
 * What the workers of a run say of themselves, put together for the tick: each sends its report a few times a
 * second, the last one counts. The time of a worker that is gone stays in the sum, so sums never shrink.
 */
import { type Segment, type StageTimes, stages, type WorkerState } from "../../model/event.ts";
import type { StageClock } from "./stageClock.ts";
import type { UnitsInWork } from "./unitsInWork.ts";

/** Plain data, sent by a worker: its state and the milliseconds of its stages since it began. */
export interface WorkerReport {
  readonly state: WorkerState;
  readonly times: StageTimes;
}

/**
 * Report of one thread.
 *
 * @param at id of the worker; `zero`: start of the run in milliseconds of the clock; `from`: when the report before
 *   was made, likewise
 */
export const reportOf = (
  clock: StageClock,
  units: UnitsInWork,
  { id, zero, from }: { readonly id: number; readonly zero: number; readonly from: number },
): WorkerReport => {
  const seconds = (ms: number) => Math.round(ms - zero) / 1000;
  const unit = units.oldest();
  const segments = clock
    .segments(from)
    .map(([stage, start, end]): Segment => [stage, seconds(start), seconds(end)]);
  return {
    state: {
      id,
      stage: clock.stage,
      since: seconds(clock.since),
      case: unit?.case_id ?? null,
      source: unit?.forecast ?? null,
      key: unit?.key ?? null,
      begun: unit ? seconds(unit.begun) : null,
      leased: units.leased,
      segments,
    },
    times: clock.times(),
  };
};

/** No time in any stage. */
export const noTimes = (): StageTimes =>
  Object.fromEntries(stages.map((stage) => [stage, 0])) as unknown as StageTimes;

export const addTimes = (a: StageTimes, b: StageTimes): StageTimes =>
  Object.fromEntries(stages.map((stage) => [stage, a[stage] + b[stage]])) as unknown as StageTimes;

export class WorkerStages {
  readonly #reports = new Map<number, WorkerReport>();
  readonly #unshown = new Map<number, readonly Segment[]>();
  #gone = noTimes();

  hear(report: WorkerReport): void {
    const { id, segments } = report.state;
    this.#reports.set(id, report);
    // Reports and ticks do not keep step: what was not shown yet is shown with the next tick.
    this.#unshown.set(id, [...(this.#unshown.get(id) ?? []), ...segments].slice(-600));
  }

  /** A worker ended: its time stays, its state goes. */
  lost(id: number): void {
    const report = this.#reports.get(id);
    if (report !== undefined) this.#gone = addTimes(this.#gone, report.times);
    this.#reports.delete(id);
    this.#unshown.delete(id);
  }

  /** For a tick: `stages` of all workers so far, `workers` as they were heard last. Segments are given once. */
  take(): { readonly stages: StageTimes; readonly workers: readonly WorkerState[] } {
    const reports = [...this.#reports.values()];
    const sum = reports.reduce((all, { times }) => addTimes(all, times), this.#gone);
    const workers = reports
      .map(({ state }) => ({ ...state, segments: this.#unshown.get(state.id) ?? [] }))
      .sort((a, b) => a.id - b.id);
    this.#unshown.clear();
    return {
      stages: Object.fromEntries(
        stages.map((name) => [name, Math.round(sum[name])]),
      ) as unknown as StageTimes,
      workers,
    };
  }
}
