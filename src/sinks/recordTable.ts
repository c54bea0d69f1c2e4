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
  const all = [...records];
  const stores = columns.map(columnStore);
  for (const [c, { name }] of columns.entries()) {
    stores[c]!.reserve(all.length);
    for (const [row, record] of all.entries()) stores[c]!.put(row, record[name]);
  }
  const keys = columns.map(({ name }) => name);
  return sortTable(stores, keys, all.length);
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
