/**
 * Every table that is written - results, failures, gaps, station reports - is a list of typed columns over rows
 * that are asked for cell by cell; the writers of the formats know nothing else. Times are milliseconds UTC and
 * 64-bit integers are plain numbers, as in the rows themselves.
 */
import type { ColumnType } from "../model/row.ts";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export type Cell = number | string | null;

/** A table ready to be written: rows in their final order. */
export interface ColumnTable {
  readonly columns: readonly Column[];
  readonly length: number;
  cell(column: number, row: number): Cell;
}
