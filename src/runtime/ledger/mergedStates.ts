import type { Merge } from "../../model/finished.ts";

/** The states of a unit, or of many, one a metric. */
export type States = readonly unknown[];

/**
 * Merges states as a binary counter counts: slot i has the merge of 2^i of them, so that each is merged about log n
 * times, and one that grows with n is not copied n times.
 */
export class MergedStates {
  readonly #merge: Merge;
  readonly #slots: (States | undefined)[] = [];

  constructor(merge: Merge) {
    this.#merge = merge;
  }

  add(states: States): void {
    let carried = states;
    let slot = 0;
    for (let held = this.#slots[slot]; held !== undefined; held = this.#slots[slot]) {
      carried = this.#both(held, carried);
      this.#slots[slot] = undefined;
      slot += 1;
    }
    this.#slots[slot] = carried;
  }

  /** The merge of all; undefined: there were none. */
  whole(): States | undefined {
    return this.#slots.reduce(
      (merged, held) =>
        merged === undefined || held === undefined ? (merged ?? held) : this.#both(held, merged),
      undefined,
    );
  }

  #both(a: States, b: States): States {
    return a.map((state, metric) => this.#merge(metric, state, b[metric]));
  }
}
