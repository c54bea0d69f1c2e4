import type { Asker } from "../../model/budget.ts";

interface Unit {
  readonly asker: Asker;
  readonly bytes: number;
  readonly begun: number;
}

/**
 * The units a thread has in work, to name the one that is in it longest: what a stall hangs on.
 *
 * @example
 * const over = units.begin({ case_id: 3, forecast: "IFS", key: "2021-06-20 +24 h" }, bytes); // … over() when its state is out
 */
export class UnitsInWork {
  readonly #now: () => number;
  /** A set keeps the order in which units began. */
  readonly #units = new Set<Unit>();
  #leased = 0;

  /** @param now milliseconds, the clock of the thread's `StageClock` */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param bytes what it holds */
  begin(asker: Asker, bytes: number): () => void {
    const unit = { asker, bytes, begun: this.#now() };
    this.#units.add(unit);
    this.#leased += bytes;
    return () => {
      if (this.#units.delete(unit)) this.#leased -= bytes;
    };
  }

  get leased(): number {
    return this.#leased;
  }

  get count(): number {
    return this.#units.size;
  }

  /** The unit that is longest in work, and since when in milliseconds. */
  oldest(): (Asker & { readonly begun: number }) | undefined {
    for (const { asker, begun } of this.#units) return { ...asker, begun };
    return undefined;
  }
}
