/**
 * The values of one column of one row group as the bytes of a page, with what statistics say of them. Numbers are plain:
 * a dictionary would turn -0 into 0, and parquetjs-lite turns one into texts. Texts with few different ones become a
 * dictionary; statistics look at those only.
 */
import { type Column, nullWord, numbersOf } from "../column.ts";
import { hybrid, hybridBytes } from "./hybrid.ts";

/** What is said of the values: nulls, and smallest and largest of the others, NaN apart. */
export interface Statistics {
  readonly null_count: bigint;
  readonly nan_count?: bigint;
  readonly min_value?: number | bigint | string;
  readonly max_value?: number | bigint | string;
}

export interface Page {
  readonly bytes: Uint8Array;
  readonly statistics: Statistics;
  /** Entries of the dictionary and its bytes, where the page holds places in one. */
  readonly dictionary?: { readonly entries: number; readonly bytes: Uint8Array };
}

/**
 * Different texts of a row group that still make a dictionary: parquetjs-lite misreads repeated indices of more
 * than 8 bits.
 */
const largestDictionary = 256;

/** Makes the pages of one column after another; the bytes of a page are good until the next. */
export class ColumnPages {
  #bytes = new Uint8Array(0);
  #codes = new Uint8Array(0);
  /** By column: the place of each text in the dictionary of this row group, plus one. */
  readonly #places = new Map<Column, Uint16Array>();

  /** Bytes held. */
  get bytes(): number {
    let bytes = this.#bytes.length + this.#codes.length;
    for (const { byteLength } of this.#places.values()) bytes += byteLength;
    return bytes;
  }

  /** @param nulls how many of the cells are null */
  page(column: Column, texts: readonly string[], words: Uint32Array, length: number, nulls: number): Page {
    const { type } = column;
    if (type === "string") return this.#texts(column, texts, words, length, nulls);
    return type === "double"
      ? this.#doubles(words, length, nulls)
      : this.#integers(words, length, nulls, type === "int32");
  }

  #doubles(words: Uint32Array, length: number, nulls: number): Page {
    const bytes = this.#room(8 * (length - nulls));
    const numbers = numbersOf(words);
    const to = new Uint32Array(bytes.buffer, 0, 2 * (length - nulls));
    if (nulls === 0) to.set(words.subarray(0, 2 * length));
    let [min, max, nans, at] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
    for (let row = 0; row < length; row++) {
      const value = numbers[row]!;
      if (value < min) min = value;
      if (value > max) max = value;
      if (nulls > 0) {
        if (words[2 * row + 1] === nullWord) continue;
        to[at++] = words[2 * row]!;
        to[at++] = words[2 * row + 1]!;
      }
      if (Number.isNaN(value)) nans++;
    }
    const counts = { null_count: BigInt(nulls), nan_count: BigInt(nans) };
    if (min > max) return { bytes, statistics: counts };
    // Readers may compare -0 with 0 as bytes.
    return {
      bytes,
      statistics: { ...counts, min_value: min === 0 ? -0 : min, max_value: max === 0 ? 0 : max },
    };
  }

  #integers(words: Uint32Array, length: number, nulls: number, isNarrow: boolean): Page {
    const bytes = this.#room((isNarrow ? 4 : 8) * (length - nulls));
    const numbers = numbersOf(words);
    const to = new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
    let [min, max, at] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    let [last, low, high] = [Number.NaN, 0, 0];
    for (let row = 0; row < length; row++) {
      const value = numbers[row]!;
      if (nulls > 0 && words[2 * row + 1] === nullWord) continue;
      // Times repeat: one is taken apart once.
      if (value !== last) {
        last = value;
        if (value < min) min = value;
        if (value > max) max = value;
        high = Math.floor(value / 0x1_0000_0000);
        low = isNarrow ? value : value - high * 0x1_0000_0000;
      }
      to[at++] = low;
      if (!isNarrow) to[at++] = high;
    }
    const null_count = BigInt(nulls);
    if (min > max) return { bytes, statistics: { null_count } };
    const told = (value: number) => (isNarrow ? value : BigInt(value));
    return { bytes, statistics: { null_count, min_value: told(min), max_value: told(max) } };
  }

  #texts(column: Column, texts: readonly string[], words: Uint32Array, length: number, nulls: number): Page {
    const places = this.#placesOf(column, texts.length);
    if (this.#codes.length < length) this.#codes = new Uint8Array(length);
    const codes = this.#codes;
    const found: number[] = [];
    let [at, last, code] = [0, 0, 0];
    for (let row = 0; row < length; row++) {
      const word = words[row]!;
      if (word === 0) continue;
      if (word !== last) {
        last = word;
        if (places[word] === 0) {
          if (found.push(word) > largestDictionary) break;
          places[word] = found.length;
        }
        code = places[word]! - 1;
      }
      codes[at++] = code;
    }
    for (const word of found) places[word] = 0;
    const null_count = BigInt(nulls);
    if (found.length === 0) return { bytes: this.#room(0), statistics: { null_count } };
    if (found.length > largestDictionary) return this.#plainTexts(texts, words, length, null_count);
    const bits = Math.ceil(Math.log2(found.length));
    const bytes = this.#room(hybridBytes(at, bits) + 1);
    bytes[0] = bits;
    const end = hybrid(codes.subarray(0, at), bits, bytes, 1);
    const encoded = found.map((word) => Buffer.from(texts[word - 1]!));
    return {
      bytes: bytes.subarray(0, end),
      statistics: { null_count, ...textBounds(encoded) },
      dictionary: { entries: found.length, bytes: Buffer.concat(encoded.flatMap(withLength)) },
    };
  }

  #plainTexts(texts: readonly string[], words: Uint32Array, length: number, null_count: bigint): Page {
    const encoded = new Map<number, Buffer>();
    let size = 0;
    for (let row = 0; row < length; row++) {
      const word = words[row]!;
      if (word === 0) continue;
      let text = encoded.get(word);
      if (text === undefined) {
        text = Buffer.from(texts[word - 1]!);
        encoded.set(word, text);
      }
      size += 4 + text.length;
    }
    const bytes = this.#room(size);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (let row = 0; row < length; row++) {
      const text = encoded.get(words[row]!);
      if (text === undefined) continue;
      view.setUint32(at, text.length, true);
      bytes.set(text, at + 4);
      at += 4 + text.length;
    }
    return { bytes, statistics: { null_count, ...textBounds([...encoded.values()]) } };
  }

  #room(size: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < size) this.#bytes = new Uint8Array((size + 7) & ~7);
    return this.#bytes.subarray(0, size);
  }

  #placesOf(column: Column, texts: number): Uint16Array {
    const before = this.#places.get(column);
    if (before !== undefined && before.length > texts) return before;
    const places = new Uint16Array(texts + 1);
    this.#places.set(column, places);
    return places;
  }
}

const withLength = (text: Buffer): Buffer[] => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [length, text];
};

/** Texts are compared as bytes in statistics. */
const textBounds = (encoded: readonly Buffer[]): { min_value: string; max_value: string } => {
  let [min, max] = [encoded[0]!, encoded[0]!];
  for (const text of encoded) {
    if (Buffer.compare(text, min) < 0) min = text;
    if (Buffer.compare(text, max) > 0) max = text;
  }
  return { min_value: min.toString(), max_value: max.toString() };
};
