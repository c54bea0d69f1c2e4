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
import { atomicFile } from "../atomicFile.ts";
import type { ColumnTable } from "../column.ts";
import { TableWriter } from "./tableWriter.ts";

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
    const writer = new TableWriter(append, table.columns);
    for (const block of table.blocks(rowGroupRows)) await writer.group(block, table.texts);
    await writer.end(metadata);
  });
