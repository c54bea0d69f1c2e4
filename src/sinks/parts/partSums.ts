/**
 * What the rows of each part of a table are, as a number of 128 bits: the sum of the hashes of its rows, whatever order
 * they come in. Equal sums: equal rows. The hash of a row is made of the hashes of its cells by name of the column, null
 * for nothing, so that a column more without values changes nothing. Four lanes of 32 bits (mixing as in MurmurHash3).
 */
import { hashText } from "../../kernels/hash.ts";
import { hash32 } from "../../kernels/hash32.ts";
import { nullWord, numbersOf } from "../column.ts";
import type { ColumnStore } from "../columnStore.ts";

export interface PartSum {
  readonly part: number;
  /** Rows that came. */
  readonly rows: number;
  /** 32 hexadecimal digits. */
  readonly sum: string;
}

const seeds = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;

export class PartSums {
  readonly #parts = new Map<number, { rows: number; readonly lanes: Uint32Array }>();
  /** By column: the lanes of each of its texts. */
  readonly #texts = new Map<ColumnStore, { count: number; lanes: Uint32Array }>();
  #lanes = new Uint32Array(0);

  /** Bytes held. */
  get bytes(): number {
    let bytes = this.#lanes.byteLength + 150 * this.#parts.size;
    for (const { lanes } of this.#texts.values()) bytes += lanes.byteLength;
    return bytes;
  }

  /** Adds rows of the stores, from one place up to another; `parts` numbers their parts. */
  add(stores: readonly ColumnStore[], parts: ColumnStore, from: number, to: number): void {
    const size = 4 * (to - from);
    if (this.#lanes.length < size) this.#lanes = new Uint32Array(size);
    const lanes = this.#lanes.fill(0, 0, size);
    for (const store of stores) {
      if (store.width === 1) addTexts(lanes, store, this.#textsOf(store), from, to);
      else addNumbers(lanes, store, from, to);
    }
    const numbers = numbersOf(parts.words);
    let known: { rows: number; readonly lanes: Uint32Array } | undefined;
    for (let row = from, at = 0; row < to; row++, at += 4) {
      const part = numbers[row]!;
      if (known === undefined || part !== numbers[row - 1]) {
        known = this.#parts.get(part) ?? { rows: 0, lanes: new Uint32Array(4) };
        this.#parts.set(part, known);
      }
      known.rows += 1;
      for (let lane = 0; lane < 4; lane++) known.lanes[lane]! += mixed(lanes[at + lane]!);
    }
  }

  /** By number of the part. */
  get all(): readonly PartSum[] {
    return [...this.#parts]
      .map(([part, { rows, lanes }]) => ({ part, rows, sum: sumText(lanes) }))
      .sort((a, b) => a.part - b.part);
  }

  #textsOf(store: ColumnStore): Uint32Array {
    const { texts, column } = store;
    const known = this.#texts.get(store) ?? { count: 0, lanes: new Uint32Array(4) };
    this.#texts.set(store, known);
    if (known.lanes.length < 4 * (texts.length + 1)) {
      const before = known.lanes;
      known.lanes = new Uint32Array(8 * (texts.length + 1));
      known.lanes.set(before);
    }
    const name = hash32(column.name);
    while (known.count < texts.length) {
      const hash = hashText(texts[known.count++]!);
      const [high, low] = [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)];
      for (let lane = 0; lane < 4; lane++)
        known.lanes[4 * known.count + lane] = cellHash(name ^ seeds[lane]!, low, high);
    }
    return known.lanes;
  }
}

/** The sum of sums. */
export const sumOfSums = (sums: readonly string[]): string => {
  const all = new Uint32Array(4);
  for (const sum of sums)
    for (let lane = 0; lane < 4; lane++) all[lane]! += Number.parseInt(sum.slice(8 * lane, 8 * lane + 8), 16);
  return sumText(all);
};

const sumText = (lanes: Uint32Array): string =>
  [...lanes].map((lane) => lane.toString(16).padStart(8, "0")).join("");

const addTexts = (
  lanes: Uint32Array,
  { words }: ColumnStore,
  known: Uint32Array,
  from: number,
  to: number,
): void => {
  for (let row = from, at = 0; row < to; row++, at += 4) {
    const word = 4 * words[row]!;
    if (word === 0) continue;
    for (let lane = 0; lane < 4; lane++) lanes[at + lane]! += known[word + lane]!;
  }
};

const addNumbers = (lanes: Uint32Array, { words, column }: ColumnStore, from: number, to: number): void => {
  const name = hash32(column.name);
  const hash = new Uint32Array(4);
  // Numbers repeat: one is taken apart once.
  let [low, high] = [0, nullWord];
  for (let row = from, at = 0; row < to; row++, at += 4) {
    const next = words[2 * row + 1]!;
    if (next === nullWord) continue;
    if (words[2 * row] !== low || next !== high) {
      [low, high] = [words[2 * row]!, next];
      for (let lane = 0; lane < 4; lane++) hash[lane] = cellHash(name ^ seeds[lane]!, low, high);
    }
    for (let lane = 0; lane < 4; lane++) lanes[at + lane]! += hash[lane]!;
  }
};

const cellHash = (seed: number, low: number, high: number): number => {
  let hash = Math.imul(seed ^ low, 0xcc9e2d51);
  hash = Math.imul(((hash << 15) | (hash >>> 17)) ^ high, 0x1b873593);
  return mixed((hash << 13) | (hash >>> 19));
};

const mixed = (value: number): number => {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
