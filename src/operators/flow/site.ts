import { hash32 } from "../../kernels/hash32.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Give, RefRange } from "../../model/sharing.ts";

/** Fewer refs than this are not worth the way to another worker. */
const leastShared = 4;

/**
 * The refs of one set at one `score`, numbered as they come: which of them are done here, and which were begun, so that
 * the later half of the rest can be given away.
 */
export class Site {
  readonly key: string;
  readonly #from: number;
  #to: number;
  #next = 0;
  #hash = 0;
  /** One past the last ref that was begun. */
  #begun: number;
  #isWhole = false;
  /** Whether it was all of a case at first: what needs no reading is done here, whoever reads the rest. */
  readonly isOwn: boolean;

  constructor(key: string, { from, to }: RefRange) {
    this.isOwn = from === 0 && to === Number.POSITIVE_INFINITY;
    this.key = key;
    this.#from = from;
    this.#to = to;
    this.#begun = from;
  }

  /** The number of the next ref; undefined: it is not done here. */
  number({ initTime, leadHours, targets }: Named): number | undefined {
    const number = this.#next++;
    this.#hash = hash32(`${this.#hash} ${initTime} ${leadHours} ${targets.join(" ")}`);
    const isRead = targets.length > 0;
    return (number >= this.#from && number < this.#to) || (this.isOwn && !isRead) ? number : undefined;
  }

  /** All refs so far, in their order, as a text: equal texts, equal refs. */
  get names(): string {
    return `${this.#next} refs (${this.#hash.toString(16)})`;
  }

  /** Whether a ref is still to be done here; it is begun then. */
  begin(number: number): boolean {
    if (number >= this.#to) return false;
    this.#begun = Math.max(this.#begun, number + 1);
    return true;
  }

  /** All refs have come. */
  whole(): void {
    this.#isWhole = true;
  }

  /** Gives the later half of what is not begun away. Refs that have not come yet belong to it. */
  readonly give: Give = () => {
    const known = Math.min(this.#to, this.#next);
    if (known - this.#begun < leastShared) return undefined;
    const from = this.#begun + Math.ceil((known - this.#begun) / 2);
    const to = this.#isWhole ? known : this.#to;
    this.#to = from;
    return { from, to };
  };
}

/** What a ref is told by. */
type Named = Pick<PairRef, "initTime" | "leadHours" | "targets">;

/** All refs of a site. */
export const allRefs: RefRange = { from: 0, to: Number.POSITIVE_INFINITY };
