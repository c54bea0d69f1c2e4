/**
 * Versions of objects that were read, those read last, so that one of which more is read, or all again, is known to be
 * the same: rows of one run come from one state of a store. Bounded: about 1 MB a store.
 */
export class Versions {
  readonly #most: number;
  readonly #seen = new Map<string, string>();

  constructor(most = 8192) {
    this.#most = most;
  }

  of(key: string): string | undefined {
    return this.#seen.get(key);
  }

  see(key: string, version: string): void {
    this.#seen.delete(key);
    this.#seen.set(key, version);
    if (this.#seen.size <= this.#most) return;
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }
}
