/**
 * The core of every Parquet file: typed columns in, one file out. Chosen so that DuckDB, pandas, polars,
 * hyparquet and parquetjs-lite all read it, and so that equal tables are equal files on any machine:
 *
 * - snappy, in code of our own (the bytes of zlib differ between versions and processors);
 * - numbers plain, texts in dictionaries where they are few;
 * - timestamps INT64 with the logical type (milliseconds, UTC) alone: with the older converted type beside it
 *   parquetjs-lite refuses the file; without it, it gives the milliseconds as integers;
 * - statistics of each column of each row group: nulls, NaN, smallest and largest value.
 *
 * One row group at a time is in memory, and of those that are written some 100 bytes a column.
 */
import type { SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import type { ColumnType } from "../../model/row.ts";
import { atomicFile } from "../atomicFile.ts";
import type { Column, ColumnTable } from "../column.ts";
import { ColumnChunks } from "./columnChunk.ts";
import { Footer } from "./footer.ts";

export interface ParquetOptions {
  /** Rows of a row group: 65,536. */
  readonly rowGroupRows?: number;
}

/** Bytes that are written at once. */
const flushBytes = 1 << 20;

/**
 * Writes a table, whole or not at all, with key-value metadata. Gives the size of the file in bytes.
 *
 * @throws `Write` where the file cannot be written
 */
export const writeTable = (
  path: string,
  table: ColumnTable,
  metadata: Readonly<Record<string, string>> = {},
  { rowGroupRows = 65_536 }: ParquetOptions = {},
): Promise<number> =>
  atomicFile(path, async (append) => {
    const writer = new ByteWriter(1 << 16);
    const flush = async (above: number) => {
      if (writer.index <= above) return;
      await append(writer.getBytes());
      writer.index = 0;
    };
    const elements = table.columns.map(element);
    const footer = new Footer(elements);
    const chunks = new ColumnChunks(writer);
    writer.appendUint32(magic);
    for (const { length, words } of table.blocks(rowGroupRows)) {
      const written = [];
      for (const [c, column] of table.columns.entries()) {
        written.push(chunks.append(column, elements[c]!, table.texts[c]!, words[c]!, length));
        await flush(flushBytes);
      }
      footer.add(written, length);
      await flush(0);
    }
    footer.write(writer, metadata);
    writer.appendUint32(magic);
    await flush(0);
  });

/** `PAR1` */
const magic = 0x31524150;

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
