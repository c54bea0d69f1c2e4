/**
 * The cells of one column while a table is collected, as words (see `column.ts`): 8 bytes a number, 4 bytes and once its
 * text a text. A row of the result table costs some 150 bytes this way, a few times less than an object. Numbers are
 * checked when they come in, so that an error names the row that brought it.
 */
import { EwbError } from "../model/errors.ts";
import { type Column, nanWord, nullWord, numbersOf } from "./column.ts";

export interface ColumnStore {
  readonly column: Column;
  readonly width: 1 | 2;
  /** A text's word is one more than its place in `texts` here: they come in any order. */
  readonly words: Uint32Array;
  readonly texts: readonly string[];
  /** Bytes of the different texts. */
  readonly textBytes: number;
  /** Whether all numbers so far were integers. */
  readonly holdsIntegers: boolean;
  /** The word each word becomes when the texts are sorted; undefined for numbers. */
  ranks(): Uint32Array | undefined;
  /** Makes room for so many rows; of those that are there as many stay, the others are null. */
  reserve(rows: number): void;
  /** Makes the first `rows` null again: they are elsewhere. */
  clear(rows: number): void;
  /** @throws `InvalidValue` where the value does not fit the column */
  put(row: number, value: unknown): void;
}

export const columnStore = (column: Column): ColumnStore =>
  column.type === "string" ? new TextStore(column) : new NumberStore(column);

class TextStore implements ColumnStore {
  readonly column: Column;
  readonly width = 1;
  readonly holdsIntegers = false;
  readonly texts: string[] = [];
  words = new Uint32Array(0);
  textBytes = 0;
  readonly #known = new Map<string, number>();
  #ranks = Uint32Array.of(0);
  #text = "";
  #word = 0;

  constructor(column: Column) {
    this.column = column;
  }

  reserve(rows: number): void {
    this.words = grown(this.words, rows, 0);
  }

  clear(rows: number): void {
    this.words.fill(0, 0, rows);
  }

  put(row: number, value: unknown): void {
    // Rows of one score come together: most texts are those of the row before.
    if (value === this.#text && this.#word !== 0) {
      this.words[row] = this.#word;
    } else if (typeof value === "string") {
      this.words[row] = this.#word = this.#wordOf(value);
      this.#text = value;
    } else {
      if (!this.column.nullable || (value !== null && value !== undefined)) throw unfit(this.column, value);
      this.words[row] = 0;
    }
  }

  ranks(): Uint32Array {
    if (this.#ranks.length !== this.texts.length + 1) {
      const ranks = new Uint32Array(this.texts.length + 1);
      const sorted = [...this.texts].sort(byCodeUnits);
      for (const [rank, text] of sorted.entries()) ranks[this.#known.get(text)!] = rank + 1;
      this.#ranks = ranks;
    }
    return this.#ranks;
  }

  #wordOf(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const word = this.texts.push(text);
    this.#known.set(text, word);
    // The characters, an entry of the map, one of the list, a rank.
    this.textBytes += 2 * text.length + 80;
    return word;
  }
}

class NumberStore implements ColumnStore {
  readonly column: Column;
  readonly width = 2;
  readonly texts: readonly string[] = [];
  readonly textBytes = 0;
  words = new Uint32Array(0);
  holdsIntegers = true;
  #numbers = numbersOf(this.words);
  readonly #type: Column["type"];

  constructor(column: Column) {
    this.column = column;
    this.#type = column.type;
  }

  reserve(rows: number): void {
    this.words = grown(this.words, 2 * rows, nullWord);
    this.#numbers = numbersOf(this.words);
  }

  clear(rows: number): void {
    this.words.fill(nullWord, 0, 2 * rows);
  }

  put(row: number, value: unknown): void {
    if (typeof value === "number") {
      if (this.#type === "double") {
        this.#numbers[row] = value;
        if (Number.isNaN(value)) {
          this.words[2 * row] = 0;
          this.words[2 * row + 1] = nanWord;
        }
        if (this.holdsIntegers && !Number.isSafeInteger(value)) this.holdsIntegers = false;
      } else {
        if (!(this.#type === "int32" ? (value | 0) === value : Number.isSafeInteger(value)))
          throw unfit(this.column, value);
        // No -0: integers have none.
        this.#numbers[row] = value + 0;
      }
    } else {
      if (!this.column.nullable || (value !== null && value !== undefined)) throw unfit(this.column, value);
      this.words[2 * row] = nullWord;
      this.words[2 * row + 1] = nullWord;
    }
  }

  ranks(): undefined {
    return undefined;
  }
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);

const grown = (from: Uint32Array, length: number, fill: number): Uint32Array<ArrayBuffer> => {
  const to = new Uint32Array(length);
  if (fill !== 0) to.fill(fill, from.length);
  to.set(from.subarray(0, length));
  return to;
};

const expected = {
  double: "a number",
  int32: "an integer of 32 bits",
  int64: "an integer up to 2^53 - 1",
  string: "a text",
  timestamp: "whole milliseconds since 1970",
};

const unfit = (column: Column, value: unknown): EwbError =>
  new EwbError(
    "InvalidValue",
    `column "${column.name}" got ${typeof value === "string" ? JSON.stringify(value) : String(value)}; ` +
      `expected ${expected[column.type]}${column.nullable ? " or null" : ""}`,
    { variable: column.name },
  );
