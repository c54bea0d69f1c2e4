/**
 * What is known of the speed of a host, of its latest 64 answers: how long the first byte takes, and how fast bodies
 * then come. Whoever may read a part or the whole weighs one against the other.
 */

const kept = 64;
/** Answers after which a slow one can be told from the usual. */
const leastKnown = 20;
/** Bytes after which a speed is more than noise. */
const leastBytes = 256 * 1024;
/** Milliseconds below which no answer is slow. */
const leastSlow = 250;

export class Pace {
  readonly #first = new Float64Array(kept);
  readonly #bytes = new Float64Array(kept);
  readonly #spent = new Float64Array(kept);
  #answers = 0;
  #bodies = 0;

  /**
   * @param first milliseconds from the request to the first byte of the answer
   * @param bytes of the body that came after its first part
   * @param spent milliseconds in which they came
   */
  answered(first: number, bytes: number, spent: number): void {
    this.#first[this.#answers++ % kept] = first;
    if (bytes === 0) return;
    this.#bytes[this.#bodies % kept] = bytes;
    this.#spent[this.#bodies++ % kept] = spent;
  }

  /** Milliseconds to the first byte: the median; undefined before the first answer. */
  get latency(): number | undefined {
    return this.#quantile(0.5);
  }

  /** Bytes a millisecond of one body while it flows; undefined before enough came. */
  get bandwidth(): number | undefined {
    const bytes = this.#bytes.reduce((sum, each) => sum + each);
    const spent = this.#spent.reduce((sum, each) => sum + each);
    return bytes < leastBytes ? undefined : bytes / Math.max(spent, 0.001);
  }

  /** Milliseconds without a byte after which an answer is out of the usual; undefined before that is known. */
  get slow(): number | undefined {
    if (this.#answers < leastKnown) return undefined;
    return Math.max(leastSlow, 3 * this.#quantile(0.95)!);
  }

  #quantile(share: number): number | undefined {
    const sorted = this.#first.slice(0, Math.min(this.#answers, kept)).sort();
    return sorted[Math.floor(share * sorted.length)];
  }
}
