/**
 * The merge of the states of units, as they come: kept beside those of each unit, it need not be made again when the
 * pipeline is run the next time. It is full soon enough that few are merged anew where one of its units changes.
 */
import type { FinishedSite, KeptUnit } from "../../model/finished.ts";
import type { Metric } from "../../model/metric.ts";
import { Gathered } from "./gathered.ts";

/** Units, and bytes of their states, of which a bundle is full. */
const most = { units: 512, bytes: 4e6 };
/** What is merged of fewer parts is as quickly merged again. */
const fewest = 64;

/** Whether there is nothing to be gained by merging more. */
export const isFull = (units: number, bytes: number): boolean => units >= most.units || bytes >= most.bytes;

export class UnitBundle {
  readonly #states: readonly Gathered[];
  readonly #units: KeptUnit[] = [];
  #parts = 0;
  #bytes = 0;

  constructor(metrics: readonly Metric[]) {
    this.#states = metrics.map((metric) => new Gathered(metric));
  }

  /** Bytes of what was added, about: of what is merged, no more. */
  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return isFull(this.#units.length, this.#bytes);
  }

  /** Adds a unit, or some that are merged already. Throws what `merge` throws. */
  add(units: readonly KeptUnit[], states: readonly unknown[], bytes: number): void {
    for (const [i, state] of states.entries()) this.#states[i]!.add(state);
    this.#units.push(...units);
    this.#parts += 1;
    this.#bytes += bytes;
  }

  get isEmpty(): boolean {
    return this.#parts === 0;
  }

  /** Keeps the merge where it is of many; gives it. */
  keep(site: FinishedSite): readonly unknown[] {
    const states = this.#states.map((state) => state.whole());
    if (this.#parts >= fewest) site.bundle(this.#units, states);
    return states;
  }
}
