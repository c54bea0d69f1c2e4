import type { Metric } from "../../model/metric.ts";

/**
 * The states of one metric, gathered as a binary counter counts: slot i holds the merge of 2^i states. So each of n
 * states is merged about log n times; merged one after the other into one growing state, a metric that keeps a key a
 * unit would copy all its keys n times. The laws of `merge` make any order give the same rows.
 */
export class Gathered {
  readonly #metric: Metric;
  readonly #slots: ({ readonly state: unknown } | undefined)[] = [];

  constructor(metric: Metric) {
    this.#metric = metric;
  }

  add(state: unknown): void {
    let carried = state;
    let slot = 0;
    for (let held = this.#slots[slot]; held !== undefined; held = this.#slots[slot]) {
      carried = this.#metric.merge(held.state, carried);
      this.#slots[slot] = undefined;
      slot += 1;
    }
    this.#slots[slot] = { state: carried };
  }

  /** The merge of all states. */
  whole(): unknown {
    return this.#slots.reduceRight(
      (merged, held) => (held === undefined ? merged : this.#metric.merge(merged, held.state)),
      this.#metric.zero(),
    );
  }
}
