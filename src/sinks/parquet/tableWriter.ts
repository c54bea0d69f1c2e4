/** Appends row groups to a Parquet file: of rows, or as they are in another file. At the end, what is said of them. */
import { crc32 } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import type { ColumnType } from "../../model/row.ts";
import type { Block, Column } from "../column.ts";
import { ColumnChunks } from "./columnChunk.ts";
import { Footer } from "./footer.ts";

export type Append = (bytes: Uint8Array) => Promise<void>;

/** Bytes that are written at once. */
const flushBytes = 1 << 20;

/** `PAR1` */
const magic = 0x31524150;

export class TableWriter {
  readonly #append: Append;
  readonly #columns: readonly Column[];
  readonly #elements: readonly SchemaElement[];
  readonly #writer = new ByteWriter(1 << 16);
  readonly #chunks = new ColumnChunks(this.#writer);
  readonly #footer: Footer;
  /** CRC-32 of the row groups that were appended as rows since it was set to 0. */
  crc = 0;

  constructor(append: Append, columns: readonly Column[]) {
    this.#append = append;
    this.#columns = columns;
    this.#elements = columns.map(element);
    this.#footer = new Footer(this.#elements);
    this.#writer.appendUint32(magic);
  }

  /** CRC-32 of what the footer says of the row groups. */
  get described(): number {
    return this.#footer.crc;
  }

  /** Where the next row group begins. */
  get offset(): number {
    return this.#writer.offset;
  }

  /** Appends rows as a row group. */
  async group({ length, words }: Block, texts: readonly (readonly string[])[]): Promise<void> {
    await this.#begin();
    const written = [];
    for (const [c, column] of this.#columns.entries()) {
      written.push(this.#chunks.append(column, this.#elements[c]!, texts[c]!, words[c]!, length));
      await this.#flush(flushBytes);
    }
    this.#footer.add(written, length);
    await this.#flush(0);
  }

  /** Appends row groups of another file: what its footer says of them, and their bytes, piece by piece. */
  async copy(groups: Parameters<Footer["copy"]>[0], pieces: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#begin();
    this.#footer.copy(groups);
    for await (const piece of pieces) {
      this.#writer.offset += piece.length;
      await this.#append(piece);
    }
  }

  async end(metadata: Readonly<Record<string, string>>): Promise<void> {
    this.#footer.write(this.#writer, metadata);
    this.#writer.appendUint32(magic);
    await this.#flush(0);
  }

  /** The file begins with four bytes that are of no row group. */
  async #begin(): Promise<void> {
    await this.#flush(0);
    if (this.#writer.offset === 4) this.crc = 0;
  }

  async #flush(above: number): Promise<void> {
    const writer = this.#writer;
    if (writer.index <= above) return;
    const bytes = writer.getBytes();
    this.crc = crc32(bytes, this.crc);
    await this.#append(bytes);
    writer.index = 0;
  }
}

const physical = {
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  double: { type: "DOUBLE" },
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  timestamp: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" } },
} as const satisfies Record<ColumnType, Partial<SchemaElement>>;

const element = ({ name, type, nullable }: Column): SchemaElement => ({
  name,
  repetition_type: nullable ? "OPTIONAL" : "REQUIRED",
  ...physical[type],
});
