import type { Metric } from "../../model/metric.ts";
import { stateBytes } from "./stateBytes.ts";

const uncounted = 5;

/**
 * The states of one metric, gathered as a binary counter counts: slot i holds the merge of 2^i states. So each of n
 * states is merged about log n times; merged one after the other into one growing state, a metric that keeps a key a
 * unit would copy all its keys n times. The laws of `merge` make any order give the same rows.
 */
export class Gathered {
  readonly #metric: Metric;
  readonly #slots: ({ readonly state: unknown; bytes?: number } | undefined)[] = [];
  #isCounted = false;

  constructor(metric: Metric) {
    this.#metric = metric;
  }

  /** @param isMerged whether it is the merge of many already: then it is counted however few were added here */
  add(state: unknown, isMerged = false): void {
    this.#isCounted ||= isMerged;
    let carried = state;
    let slot = 0;
    for (let held = this.#slots[slot]; held !== undefined; held = this.#slots[slot]) {
      carried = this.#metric.merge(held.state, carried);
      this.#slots[slot] = undefined;
      slot += 1;
    }
    this.#slots[slot] = { state: carried };
  }

  /** Bytes of what is kept, about; each merge is counted when it is asked for first. */
  get bytes(): number {
    let sum = 0;
    // One of a few units is small; counted is what grows.
    for (let slot = this.#isCounted ? 0 : uncounted; slot < this.#slots.length; slot++) {
      const held = this.#slots[slot];
      if (held === undefined) continue;
      held.bytes ??= stateBytes(held.state);
      sum += held.bytes;
    }
    return sum;
  }

  /** The merge of all states. */
  whole(): unknown {
    return this.#slots.reduceRight(
      (merged, held) => (held === undefined ? merged : this.#metric.merge(merged, held.state)),
      this.#metric.zero(),
    );
  }
}
