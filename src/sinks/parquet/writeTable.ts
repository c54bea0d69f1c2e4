/**
 * The core of every Parquet file: typed columns in, one file out. Chosen so that DuckDB, pandas, polars,
 * hyparquet and parquetjs-lite all read it, and so that equal tables are equal files on any machine:
 *
 * - snappy, in the writer's own code (the bytes of zlib differ between versions and processors);
 * - numbers plain: a dictionary would turn -0 into 0, and parquetjs-lite turns one into texts;
 * - texts as a dictionary up to 256 different ones of a row group, plain beyond: parquetjs-lite misreads repeated
 *   indices of more than 8 bits;
 * - timestamps INT64 with both the logical type (milliseconds, UTC) and the older converted type.
 *
 * One row group at a time is in memory beside the table.
 */
import type { SchemaElement } from "hyparquet";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import type { ColumnType } from "../../model/row.ts";
import { atomicFile } from "../atomicFile.ts";
import type { Cell, Column, ColumnTable } from "../column.ts";

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
    const bytes = new ByteWriter(1 << 16);
    const flush = async () => {
      await append(bytes.getBytes());
      bytes.index = 0;
    };
    const writer = new ParquetWriter({
      writer: bytes,
      schema: [{ name: "schema", num_children: table.columns.length }, ...table.columns.map(element)],
      kvMetadata: Object.entries(metadata)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value })),
      createdBy: "ewb",
    });
    for (let start = 0; start < table.length; start += rowGroupRows) {
      const end = Math.min(start + rowGroupRows, table.length);
      const columnData = table.columns.map((column, index) => slice(table, column, index, start, end));
      await writer.write({ columnData, rowGroupSize: end - start });
      await flush();
    }
    await writer.finish();
    await flush();
  });

const physical = {
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  double: { type: "DOUBLE" },
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
} as const satisfies Record<ColumnType, Partial<SchemaElement>>;

const element = ({ name, type, nullable }: Column): SchemaElement => ({
  name,
  repetition_type: nullable ? "OPTIONAL" : "REQUIRED",
  ...physical[type],
});

const slice = (
  table: ColumnTable,
  { name, type }: Column,
  index: number,
  start: number,
  end: number,
): ColumnSource => {
  const big = type === "int64" || type === "timestamp";
  const data: (Cell | bigint)[] = new Array(end - start);
  const texts = new Set<Cell>();
  for (let row = start; row < end; row++) {
    const cell = table.cell(index, row);
    data[row - start] = big && cell !== null ? BigInt(cell) : cell;
    if (type === "string" && cell !== null && texts.size <= 256) texts.add(cell);
  }
  return {
    name,
    data,
    encoding: texts.size > 0 && texts.size <= 256 ? "RLE_DICTIONARY" : "PLAIN",
  };
};
