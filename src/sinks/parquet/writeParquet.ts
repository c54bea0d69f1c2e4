import type { Failure, Gap } from "../../model/row.ts";
import { failureTable, gapTable } from "../recordTable.ts";
import { type Rows, sortedRows } from "../resultTable.ts";
import { type ParquetOptions, writeTable } from "./writeTable.ts";

/**
 * Writes the result table as Parquet: sorted by key, typed, snappy, in row groups, with `metadata` as key-value
 * metadata; published by rename when whole. The same rows in any order give the same bytes. Gives the size of
 * the file in bytes.
 *
 * @throws `DuplicateRow` (two rows of one key differ), `InvalidValue` (a value does not fit its column), `Write`
 * @example await writeParquet("heatwave.parquet", rows, { pipeline: "heatwave.ts" });
 */
export const writeParquet = async (
  path: string,
  rows: Rows,
  metadata: Readonly<Record<string, string>> = {},
  options: ParquetOptions = {},
): Promise<number> => writeTable(path, await sortedRows(rows), metadata, options);

/** Writes what could not be scored as Parquet, in the columns of `Failure`; equal failures once. */
export const writeFailures = async (path: string, failures: Iterable<Failure>): Promise<number> =>
  writeTable(path, failureTable(failures));

/** Writes what sources never had as Parquet, in the columns of `Gap`; equal gaps once. */
export const writeGaps = async (path: string, gaps: Iterable<Gap>): Promise<number> =>
  writeTable(path, gapTable(gaps));
