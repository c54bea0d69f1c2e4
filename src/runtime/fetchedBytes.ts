/**
 * Bytes read, and bytes that had to be read once: read amplification. A chunk is known by a 32-bit hash of its id in
 * an open table, 8 bytes a chunk at most half full, so that a million chunks cost 16 MB; of a million, about a hundred
 * are taken for another.
 */
export class FetchedBytes {
  #table = new Float64Array(1024);
  #count = 0;
  #bytes = 0;
  #once = 0;

  /** @param hash of the chunk's id */
  add(hash: number, bytes: number): void {
    this.#bytes += bytes;
    if (this.#put(hash + 1)) this.#once += bytes;
  }

  /** Bytes read. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes read / bytes of the chunks read, each once; null before anything was. */
  get amplification(): number | null {
    return this.#once === 0 ? null : this.#bytes / this.#once;
  }

  #put(key: number): boolean {
    if (2 * this.#count >= this.#table.length) {
      const old = this.#table;
      this.#table = new Float64Array(old.length * 2);
      this.#count = 0;
      for (const known of old) if (known !== 0) this.#put(known);
    }
    const mask = this.#table.length - 1;
    for (let at = key & mask; ; at = (at + 1) & mask) {
      if (this.#table[at] === key) return false;
      if (this.#table[at] === 0) {
        this.#table[at] = key;
        this.#count += 1;
        return true;
      }
    }
  }
}
