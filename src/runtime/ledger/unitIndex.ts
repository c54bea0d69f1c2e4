/**
 * Rows of units (`unitRow.ts`) in blocks, found by name through an open-addressed table: about 52 bytes a unit. A *place*
 * is the number of a unit here; it stays. A unit that is put again takes the place it has.
 */
import { flagBits, nameWords, orderWord, rowWords } from "./unitRow.ts";

const blockRows = 4096;

export class UnitIndex {
  /** Only the first is ever smaller than a block. */
  readonly #blocks: Uint32Array[] = [new Uint32Array(8 * rowWords)];
  #slots = new Int32Array(16).fill(-1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts a row, of which `rows` has the words from `from` on. Gives its place. */
  put(rows: Uint32Array, from = 0): number {
    const slot = this.#slotOf(rows, from);
    let place = this.#slots[slot]!;
    if (place === -1) {
      place = this.#size++;
      this.#slots[slot] = place;
      this.#makeRoom(place);
    }
    const at = (place % blockRows) * rowWords;
    const block = this.#blockOf(place);
    for (let word = 0; word < rowWords; word++) block[at + word] = rows[from + word]!;
    if (this.#size > this.#slots.length * 0.6) this.#widen();
    return place;
  }

  /** The place of a unit by a row that has its name; -1: there is none. */
  find(row: Uint32Array): number {
    return this.#slots[this.#slotOf(row, 0)]!;
  }

  /** The words of a row, as they lie here. */
  row(place: number): Uint32Array {
    const at = (place % blockRows) * rowWords;
    return this.#blockOf(place).subarray(at, at + rowWords);
  }

  order(place: number): number {
    return this.#blockOf(place)[(place % blockRows) * rowWords + orderWord]!;
  }

  #blockOf(place: number): Uint32Array {
    return this.#blocks[Math.floor(place / blockRows)]!;
  }

  #makeRoom(place: number): void {
    const first = this.#blocks[0]!;
    if (place % blockRows === 0 && place > 0) this.#blocks.push(new Uint32Array(blockRows * rowWords));
    else if (place < blockRows && place * rowWords === first.length) {
      const wider = new Uint32Array(2 * first.length);
      wider.set(first);
      this.#blocks[0] = wider;
    }
  }

  #slotOf(rows: Uint32Array, from: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(rows, from) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot]!;
      if (place === -1 || this.#isSame(place, rows, from)) return slot;
    }
  }

  #isSame(place: number, rows: Uint32Array, from: number): boolean {
    const at = (place % blockRows) * rowWords;
    const block = this.#blockOf(place);
    if ((block[at]! | flagBits) !== (rows[from]! | flagBits)) return false;
    for (let word = 1; word < nameWords; word++) if (block[at + word] !== rows[from + word]) return false;
    return true;
  }

  #widen(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let place = 0; place < this.#size; place++)
      this.#slots[this.#slotOf(this.#blockOf(place), (place % blockRows) * rowWords)] = place;
  }
}

const hashOf = (rows: Uint32Array, from: number): number => {
  let hash = rows[from]! >>> 2;
  for (let word = 1; word < nameWords; word++)
    hash = Math.imul((hash ^ rows[from + word]!) >>> 0, 0x9e3779b1) ^ (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
};
