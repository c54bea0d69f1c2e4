/** Plain records - failures, gaps, station reports - as a table, in the same columns the writers take. */
import type { Failure, Gap } from "../model/row.ts";
import type { Column, ColumnTable } from "./column.ts";
import { columnStore } from "./columnStore.ts";
import { sortTable } from "./sortTable.ts";

/**
 * Records sorted by the columns in their order, equal ones once.
 *
 * @throws `InvalidValue` where a value does not fit its column
 */
export const recordTable = <R extends object>(
  columns: readonly (Column & { readonly name: keyof R & string })[],
  records: Iterable<R>,
): ColumnTable => {
  const stores = columns.map(columnStore);
  for (const record of records) {
    for (const store of stores) store.push(record[store.column.name as keyof R]);
  }
  return sortTable(
    stores,
    columns.map(({ name }) => name),
  );
};

const text = { type: "string", nullable: false } as const;
const textOrNull = { type: "string", nullable: true } as const;

/** What could not be scored, as a table. */
export const failureTable = (failures: Iterable<Failure>): ColumnTable =>
  recordTable<Failure>(
    [
      { name: "case_id", type: "int32", nullable: true },
      { name: "forecast", ...textOrNull },
      { name: "target", ...textOrNull },
      { name: "source", ...textOrNull },
      { name: "key", ...textOrNull },
      { name: "stage", ...text },
      { name: "tag", ...text },
      { name: "message", ...text },
    ],
    failures,
  );

/** What sources never had, as a table. */
export const gapTable = (gaps: Iterable<Gap>): ColumnTable =>
  recordTable<Gap>(
    [
      { name: "case_id", type: "int32", nullable: false },
      { name: "forecast", ...text },
      { name: "target", ...text },
      { name: "source", ...text },
      { name: "what", ...text },
      { name: "units", type: "int64", nullable: false },
    ],
    gaps,
  );
