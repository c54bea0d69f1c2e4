import type { Case } from "../model/case.ts";
import { type Cost, wholeCost } from "../model/chunk.ts";
import type { Failure, Gap } from "../model/row.ts";
import type { Floor, MachineShare, Room } from "./memory.ts";

/** What a pipeline would read: the same pipeline, run with a budget that admits nothing. */
export interface Plan {
  readonly units: number;
  /** Asks of the memory: one a unit, more for a unit that is cut because it is above what one may hold. */
  readonly parts: number;
  /** Store chunks, each counted once: how many (requests of chunks), and their decoded bytes. */
  readonly chunks: number;
  readonly bytes: number;
  /** The unit, or part of one, that holds most. */
  readonly largest:
    | { readonly bytes: number; readonly case_id: number; readonly forecast: string }
    | undefined;
  /** Bytes the ledger will hold at most, and its limit. */
  readonly peak: number;
  readonly budget: number;
  readonly cases: readonly PlannedCase[];
  /** What the machine allows, and what the program and its workers take of it before they work. */
  readonly machine: MachineShare &
    Floor & {
      /** The limit that can be kept, bytes: above `limit` where the program alone is larger than that allows. */
      readonly kept: number;
      readonly wanted: number;
      readonly reader: Room["reader"];
      readonly workersAs: "thread" | "process";
    };
  readonly failures: readonly Failure[];
  readonly gaps: readonly Gap[];
}

export interface PlannedCase {
  readonly case_id: number;
  readonly title: string;
  readonly forecast: string;
  readonly units: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** Adds up the costs a planning run is told of. */
export const planner = (budget: number) => {
  const seen = new Map<string, number>();
  const cases = new Map<
    string,
    { event: Case; forecast: string; units: number; chunks: Map<string, number> }
  >();
  /** Bytes if all were held at once. */
  let total = 0;
  let asks = 0;
  let largest: Plan["largest"];
  return {
    /** One cost, or one for each part of a unit; `units` is 0 for what is read once for all units of a set. */
    add(event: Case, forecast: string, costs: Cost | readonly Cost[], units = 1): void {
      const key = `${event.id} ${forecast}`;
      const planned = cases.get(key) ?? { event, forecast, units: 0, chunks: new Map() };
      cases.set(key, planned);
      planned.units += units;
      for (const cost of [costs].flat()) {
        total += cost.bytes;
        for (const { id, bytes, encoded } of cost.chunks) {
          if (!seen.has(id)) total += bytes + encoded;
          planned.chunks.set(id, bytes);
          seen.set(id, bytes);
        }
        if (units === 0) continue;
        asks += 1;
        const bytes = wholeCost(cost);
        if (bytes > (largest?.bytes ?? 0)) largest = { bytes, case_id: event.id, forecast };
      }
    },
    result(): Omit<Plan, "machine" | "failures" | "gaps"> {
      const sum = (chunks: ReadonlyMap<string, number>) => [...chunks.values()].reduce((a, b) => a + b, 0);
      const rows = [...cases.values()].map(({ event, forecast, units, chunks }) => ({
        case_id: event.id,
        title: event.title,
        forecast,
        units,
        chunks: chunks.size,
        bytes: sum(chunks),
      }));
      return {
        units: rows.reduce((n, { units }) => n + units, 0),
        parts: asks,
        chunks: seen.size,
        bytes: sum(seen),
        largest,
        peak: Math.min(total, budget),
        budget,
        cases: rows.sort((a, b) => a.case_id - b.case_id || (a.forecast < b.forecast ? -1 : 1)),
      };
    },
  };
};
