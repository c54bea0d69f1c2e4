/**
 * The merge of the states of units, as they come: kept beside those of each unit, it need not be made again when the
 * pipeline is run the next time. It is full soon enough that few are merged anew where one of its units changes.
 */
import type { FinishedSite, KeptUnit } from "../../model/finished.ts";
import type { Metric } from "../../model/metric.ts";
import { Gathered } from "./gathered.ts";
import { stateBytes } from "./stateBytes.ts";

/** Units, and bytes of their states, of which a bundle is full. */
const most = { units: 512, bytes: 4e6 };
/** What is merged of fewer parts is as quickly merged again. */
const fewest = 64;
/** States of one unit in so many are looked at; prime, so that no hour of the day is left out. */
const lookedAt = 7;

/** Whether there is nothing to be gained by merging more. */
export const isFull = (units: number, bytes: number): boolean => units >= most.units || bytes >= most.bytes;

export class UnitBundle {
  readonly #states: readonly Gathered[];
  readonly #units: KeptUnit[] = [];
  #parts = 0;
  #bytes = 0;
  /** Of the unit that was looked at last. */
  #unitBytes = 0;

  constructor(metrics: readonly Metric[]) {
    this.#states = metrics.map((metric) => new Gathered(metric));
  }

  /** Bytes of what was added, about: of what is merged, no more. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of the states of the next unit, about: those of one target are mostly alike. */
  bytesOf(states: readonly unknown[]): number {
    if (this.#parts % lookedAt === 0) {
      this.#unitBytes = 0;
      for (const state of states) this.#unitBytes += stateBytes(state);
    }
    return this.#unitBytes;
  }

  get isFull(): boolean {
    return isFull(this.#units.length, this.#bytes);
  }

  /** Adds a unit, or some that are merged already. Throws what `merge` throws. */
  add(units: readonly KeptUnit[], states: readonly unknown[], bytes: number): void {
    for (let i = 0; i < states.length; i++) this.#states[i]!.add(states[i]);
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
