/**
 * One table that is published again and again: which of its rows are new, changed, the same or gone since it was
 * published last, and what those that changed said before. A table without a change is not written again. What failed
 * in this turn keeps the rows it had.
 */
import { existsSync } from "node:fs";
import { hashText } from "../../kernels/hash.ts";
import type { LedgerRecords, RowVersion } from "../../model/ledger.ts";
import { type Failure, keyColumns, type Row } from "../../model/row.ts";
import { readRows } from "../../sinks/parquet/readRows.ts";

export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  readonly gone: number;
}

/** What is remembered of a row that is published. */
interface Known extends Omit<RowVersion, "at"> {
  readonly content: string;
}

export class Publication {
  readonly #file: string;
  readonly #records: Pick<LedgerRecords, "append" | "flush">;
  readonly #now: () => number;
  #before = new Map<string, Known>();
  #next = new Map<string, Known>();

  /** @param now milliseconds UTC */
  constructor(file: string, records: Pick<LedgerRecords, "append" | "flush">, now: () => number) {
    this.#file = file;
    this.#records = records;
    this.#now = now;
  }

  /** Learns what an earlier process has published. Throws what `readRows` throws. */
  async open(): Promise<void> {
    if (!existsSync(this.#file)) return;
    for (const row of (await readRows(this.#file)).rows) this.#before.set(rowKey(row), knownOf(row));
  }

  /** A row of the table that is to be published next. */
  add(row: Row): void {
    this.#next.set(rowKey(row), knownOf(row));
  }

  /** Rows that were published of what has failed now; none of them is in the new table. */
  async carried(failures: readonly Failure[]): Promise<readonly Row[]> {
    if (failures.length === 0 || !existsSync(this.#file)) return [];
    const { rows } = await readRows(this.#file);
    return rows.filter((row) => !this.#next.has(rowKey(row)) && failures.some((one) => isOf(row, one)));
  }

  /** What differs from what was published last. */
  get changes(): Changes {
    let [added, changed, same] = [0, 0, 0];
    for (const [key, { content }] of this.#next) {
      const before = this.#before.get(key);
      if (before === undefined) added += 1;
      else if (before.content === content) same += 1;
      else changed += 1;
    }
    return { added, changed, same, gone: this.#before.size - changed - same };
  }

  /** What changed or is gone goes into the history, on disk before the table is: after a kill it may be there twice. */
  async recorded(): Promise<void> {
    const at = this.#now();
    for (const [key, { content, ...before }] of this.#before) {
      if (this.#next.get(key)?.content !== content) this.#records.append(key, { at, ...before });
    }
    await this.#records.flush();
  }

  /** The table is published. */
  published(): void {
    this.#before = this.#next;
    this.#next = new Map();
  }

  /** The table was not published: it is made anew. */
  discarded(): void {
    this.#next = new Map();
  }
}

/** 16 hexadecimal digits that name a row by its key. */
export const rowKey = (row: Row): string => hashText(JSON.stringify(keyColumns.map((name) => row[name])));

const knownOf = (row: Row): Known => ({
  content: hashText(
    JSON.stringify(
      Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
      numberText,
    ),
  ),
  value: row.value,
  n: row.n,
  status: row.status,
  forecastVersion: row.forecast_version,
  targetVersion: row.target_version,
});

/** JSON has no NaN. */
const numberText = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? `${value}` : value;

const isOf = (row: Row, { case_id, forecast, target }: Failure): boolean =>
  // A defect of a case file that names nothing keeps nothing.
  (case_id !== null || forecast !== null || target !== null) &&
  (case_id === null || case_id === row.case_id) &&
  (forecast === null || forecast === row.forecast) &&
  (target === null || target === row.target);
