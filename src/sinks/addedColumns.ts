/** Columns that metrics add to those of every result table. */
import { EwbError } from "../model/errors.ts";
import { columns } from "../model/row.ts";
import type { Column, ColumnTable } from "./column.ts";
import type { ColumnStore } from "./columnStore.ts";

/** @throws `InvalidValue` where every table has a column of this name */
export const addedColumn = (name: string): Column => {
  if (columns.some((column) => column.name === name)) {
    throw new EwbError(
      "InvalidValue",
      `a metric adds the column "${name}", which every result table has; give it another name`,
      { variable: name },
    );
  }
  return { name, type: "double", nullable: true };
};

/** Added columns that count (`n_times`) become integers. */
export const withCounts = (table: ColumnTable, added: ReadonlyMap<string, ColumnStore>): ColumnTable => ({
  ...table,
  columns: table.columns.map((column) =>
    column.name.startsWith("n_") && added.get(column.name)?.holdsIntegers
      ? { ...column, type: "int64" }
      : column,
  ),
});
