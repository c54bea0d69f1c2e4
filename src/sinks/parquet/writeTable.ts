/**
 * The core of every Parquet file: typed columns in, one file out. Chosen so that DuckDB, pandas, polars,
 * hyparquet and parquetjs-lite all read it, and so that equal tables are equal files on any machine:
 *
 * - snappy, in the library's own code (the bytes of zlib differ between versions and processors);
 * - numbers plain: a dictionary would turn -0 into 0, and parquetjs-lite turns one into texts;
 * - version 1 in the footer, which is all that parquetjs-lite takes; no reader needs the 2 that the library states;
 * - timestamps INT64 with the logical type (milliseconds, UTC) alone: with the older converted type beside it
 *   parquetjs-lite refuses the file; without it, it gives the milliseconds as integers.
 *
 * One row group at a time is in memory beside the table.
 */
import type { FileMetaData, RowGroup, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeIndexes } from "hyparquet-writer/src/indexes.js";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import type { ColumnType } from "../../model/row.ts";
import { atomicFile } from "../atomicFile.ts";
import type { Cell, Column, ColumnTable } from "../column.ts";
import { columnChunk, type WrittenColumn } from "./columnChunk.ts";

export interface ParquetOptions {
  /** Rows of a row group: 65,536. */
  readonly rowGroupRows?: number;
}

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
    const flush = async () => {
      await append(writer.getBytes());
      writer.index = 0;
    };
    const elements = table.columns.map(element);
    const groups: RowGroup[] = [];
    const written: WrittenColumn[] = [];
    writer.appendUint32(magic);
    for (let start = 0; start < table.length; start += rowGroupRows) {
      const end = Math.min(start + rowGroupRows, table.length);
      const chunks = elements.map((some, c) => columnChunk(writer, some, cellsOf(table, c, start, end)));
      groups.push(rowGroup(chunks, end - start));
      written.push(...chunks);
      await flush();
    }
    writeIndexes(writer, written);
    const footer: Omit<FileMetaData, "metadata_length"> = {
      version: 1,
      created_by: "ewb",
      schema: [{ name: "schema", num_children: elements.length }, ...elements],
      num_rows: BigInt(table.length),
      row_groups: groups,
      key_value_metadata: Object.entries(metadata)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value })),
    };
    writeMetadata(writer, footer as FileMetaData);
    writer.appendUint32(magic);
    await flush();
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

const cellsOf = (table: ColumnTable, column: number, start: number, end: number): (Cell | bigint)[] => {
  const { type } = table.columns[column]!;
  const wide = type === "int64" || type === "timestamp";
  return Array.from({ length: end - start }, (_, i) => {
    const cell = table.cell(column, start + i);
    return wide && cell !== null ? BigInt(cell) : cell;
  });
};

const rowGroup = (chunks: readonly WrittenColumn[], rows: number): RowGroup => {
  const sum = (size: "total_compressed_size" | "total_uncompressed_size") =>
    chunks.reduce((total, { chunk }) => total + chunk.meta_data![size], 0n);
  return {
    columns: chunks.map(({ chunk }) => chunk),
    num_rows: BigInt(rows),
    total_byte_size: sum("total_uncompressed_size"),
    total_compressed_size: sum("total_compressed_size"),
  };
};
