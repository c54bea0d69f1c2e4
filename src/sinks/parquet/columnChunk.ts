/**
 * One column of one row group: where its texts are few a dictionary page, known to readers of the older kind under its
 * first name, PLAIN_DICTIONARY; then one data page (version 2). A page that snappy does not shrink stays as it is.
 */
import type { SchemaElement } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { type Column, nullWord } from "../column.ts";
import { ColumnPages } from "./columnPage.ts";
import type { WrittenColumn } from "./footer.ts";
import { hybrid, hybridBytes } from "./hybrid.ts";
import { Snappy } from "./snappy.ts";

/** Appends the columns of row groups to a file, with the arrays that this takes. */
export class ColumnChunks {
  readonly #writer: ByteWriter;
  readonly #pages = new ColumnPages();
  readonly #snappy = new Snappy();
  #present = new Uint8Array(0);
  #levels = new Uint8Array(0);

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  append(
    column: Column,
    element: SchemaElement,
    texts: readonly string[],
    words: Uint32Array,
    length: number,
  ): WrittenColumn {
    const writer = this.#writer;
    const start = writer.offset;
    const nulls = column.nullable ? this.#findNulls(column, words, length) : 0;
    const { bytes, statistics, dictionary } = this.#pages.page(column, texts, words, length, nulls);
    let uncompressed = 0;
    if (dictionary !== undefined) {
      const packed = this.#snappy.compress(dictionary.bytes);
      const header = writer.offset;
      writePageHeader(writer, {
        type: "DICTIONARY_PAGE",
        uncompressed_page_size: dictionary.bytes.length,
        compressed_page_size: packed.length,
        dictionary_page_header: { num_values: dictionary.entries, encoding: "PLAIN" },
      });
      uncompressed += writer.offset - header + dictionary.bytes.length;
      writer.appendBytes(packed);
    }
    const data = dictionary === undefined ? undefined : writer.offset;
    const levels = column.nullable ? this.#levelsOf(length) : noBytes;
    const packed = this.#snappy.compress(bytes);
    const isPacked = packed.length < bytes.length;
    const stored = isPacked ? packed : bytes;
    const header = writer.offset;
    writePageHeader(writer, {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: levels.length + bytes.length,
      compressed_page_size: levels.length + stored.length,
      data_page_header_v2: {
        num_values: length,
        num_nulls: nulls,
        num_rows: length,
        encoding: dictionary === undefined ? "PLAIN" : "PLAIN_DICTIONARY",
        definition_levels_byte_length: levels.length,
        repetition_levels_byte_length: 0,
        is_compressed: isPacked,
      },
    });
    uncompressed += writer.offset - header + levels.length + bytes.length;
    writer.appendBytes(levels);
    writer.appendBytes(stored);
    return { element, start, size: writer.offset - start, uncompressed, values: length, data, statistics };
  }

  /** Notes which cells are present; returns how many are not. */
  #findNulls({ type }: Column, words: Uint32Array, length: number): number {
    if (this.#present.length < length) this.#present = new Uint8Array(length);
    const present = this.#present;
    let there = 0;
    const isText = type === "string";
    for (let row = 0; row < length; row++) {
      const is = (isText ? words[row] === 0 : words[2 * row + 1] === nullWord) ? 0 : 1;
      present[row] = is;
      there += is;
    }
    return length - there;
  }

  #levelsOf(length: number): Uint8Array {
    const most = hybridBytes(length, 1);
    if (this.#levels.length < most) this.#levels = new Uint8Array(most);
    return this.#levels.subarray(0, hybrid(this.#present.subarray(0, length), 1, this.#levels, 0));
  }
}

const noBytes = new Uint8Array(0);
