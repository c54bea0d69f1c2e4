/**
 * What a table that is published again and again says that it did not say before: which of its rows are new, changed, the
 * same or gone, and what those said that changed. Only parts whose rows differ are looked at, row by row beside what is
 * published: nothing of the table is held. What failed in this turn keeps the rows it had.
 */
import { hashText } from "../../kernels/hash.ts";
import type { LedgerRecords, RowVersion } from "../../model/ledger.ts";
import { columns, type Failure, keyColumns, type Row } from "../../model/row.ts";
import type { ColumnTable } from "../../sinks/column.ts";
import { isSamePart, type Part } from "../../sinks/parts/part.ts";
import {
  isSameRow,
  joinRows,
  publishedRows,
  type RowCells,
  tableRows,
} from "../../sinks/published/joinRows.ts";
import type { Place, Published } from "../../sinks/published/published.ts";
import type { ResultTable } from "../../sinks/resultTable.ts";

export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  readonly gone: number;
}

export class Publication {
  readonly #records: Pick<LedgerRecords, "append" | "flush">;
  readonly #now: () => number;

  /** @param now milliseconds UTC */
  constructor(records: Pick<LedgerRecords, "append" | "flush">, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** Adds to a table the rows that were published of what has failed now, where it has none of their key. */
  async carry(
    { rule, partsOf }: Pick<Place, "rule" | "partsOf">,
    before: Published,
    table: ResultTable,
    failures: readonly Failure[],
  ): Promise<void> {
    const named = failures.filter(isNamed);
    const touched = ({ from, to }: Part) =>
      named.some(({ case_id: id }) => rule !== "case" || id === null || (from <= id && id <= to));
    const parts = notIn(partsOf(table.parts), before.parts).filter(touched);
    if (parts.length === 0) return;
    const kept: number[] = [];
    let seen = 0;
    const [had, has] = [publishedRows(before, parts), tableRows(await table.sorted(), parts)];
    await joinRows(rule, had, has, (old, now) => {
      if (old === undefined) return;
      if (now === undefined && named.some((one) => isOf(old, one))) kept.push(seen);
      seen += 1;
    });
    // Read again: until here the table was being read, to which they are added.
    let [first, next] = [0, 0];
    for await (const { length, cell } of publishedRows(before, parts).blocks) {
      for (; next < kept.length && kept[next]! < first + length; next++) {
        const at = kept[next]! - first;
        table.add(rowOf(before, (c) => cell(c, at)));
      }
      first += length;
    }
  }

  /** What differs from what is published; what changed or is gone is noted for the history. */
  async changes(
    { rule }: Pick<Place, "rule">,
    before: Published | undefined,
    table: ColumnTable,
    parts: readonly Part[],
  ): Promise<Changes> {
    const at = this.#now();
    const old = before ?? nothing;
    const names = [...new Set([...old.columns, ...table.columns].map(({ name }) => name))];
    const differ = notIn(old.parts, parts);
    let [added, changed, gone] = [0, 0, 0];
    let same = rowsIn(parts) - rowsIn(differ);
    const [had, has] = [publishedRows(old, notIn(parts, old.parts)), tableRows(table, differ)];
    await joinRows(rule, had, has, (old, now) => {
      if (old === undefined) added += 1;
      else if (now !== undefined && isSameRow(names, old, now)) same += 1;
      else {
        if (now === undefined) gone += 1;
        else changed += 1;
        this.#records.append(rowKeyOf(old), { at, ...versionOf(old) });
      }
    });
    return { added, changed, same, gone };
  }

  /** Resolves when the history is on disk: before the table is, so that after a kill it may be there twice. */
  recorded(): Promise<void> {
    return this.#records.flush();
  }
}

const nothing: Published = {
  columns: [],
  isInParts: false,
  isDamaged: false,
  parts: [],
  async *blocks() {},
  close: async () => {},
};

/** 16 hexadecimal digits that name a row by its key. */
export const rowKey = (row: Row): string => rowKeyOf((name) => row[name as keyof Row] as never);

const rowKeyOf = (cell: RowCells): string => hashText(JSON.stringify(keyColumns.map(cell)));

const versionOf = (cell: RowCells) =>
  ({
    value: cell("value"),
    n: cell("n"),
    status: cell("status"),
    forecastVersion: cell("forecast_version"),
    targetVersion: cell("target_version"),
  }) as Omit<RowVersion, "at">;

/** Those of the parts `of` that are not among `others`. */
const notIn = (others: readonly Part[], of: readonly Part[]): readonly Part[] => {
  const known = new Map(others.map((part) => [part.from, part]));
  return of.filter((part) => {
    const other = known.get(part.from);
    return other === undefined || !isSamePart(part, other);
  });
};

const rowsIn = (parts: readonly Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0);

/** A defect of a case file that names nothing keeps nothing. */
const isNamed = ({ case_id, forecast, target }: Failure): boolean =>
  case_id !== null || forecast !== null || target !== null;

const isOf = (cell: RowCells, { case_id, forecast, target }: Failure): boolean =>
  (case_id === null || case_id === cell("case_id")) &&
  (forecast === null || forecast === cell("forecast")) &&
  (target === null || target === cell("target"));

const known: ReadonlySet<string> = new Set(columns.map(({ name }) => name));

const rowOf = (of: Pick<Published, "columns">, cell: (c: number) => unknown): Row => {
  const extra: Record<string, number> = {};
  const plain: Record<string, unknown> = {};
  for (const [c, { name }] of of.columns.entries()) {
    const value = cell(c);
    if (known.has(name)) plain[name] = value;
    else if (typeof value === "number") extra[name] = value;
  }
  return (Object.keys(extra).length > 0 ? { ...plain, extra } : plain) as unknown as Row;
};
