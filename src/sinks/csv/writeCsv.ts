/**
 * The result table as CSV (RFC 4180: commas, CRLF, quotes doubled, UTF-8). Null is an empty field, NaN is `NaN`.
 * A text that a spreadsheet would run as a formula gets a leading quote mark. Lines are written in blocks, so that
 * the text of a large table is never whole in memory.
 */
import { atomicFile } from "../atomicFile.ts";
import { type Cell, type ColumnTable, cellsOf } from "../column.ts";
import { type Rows, sortedRows } from "../resultTable.ts";
import { fieldText } from "./fieldText.ts";

const blockRows = 4096;

/**
 * Writes the result table as CSV, sorted by key, whole or not at all. Gives the size of the file in bytes.
 *
 * @throws `DuplicateRow`, `InvalidValue`, `Write`, as `writeParquet` does
 */
export const writeCsv = async (path: string, rows: Rows): Promise<number> =>
  writeLines(path, csvLines(await sortedRows(rows)));

/** The lines of a table as CSV, each with its line end. */
export function* csvLines(table: ColumnTable): Generator<string> {
  yield `${table.columns.map(({ name }) => fieldText(safe(name))).join(",")}\r\n`;
  for (const { length, words } of table.blocks(blockRows)) {
    const cell = cellsOf(table, words);
    for (let row = 0; row < length; row++) {
      yield `${table.columns.map(({ type }, c) => cellText(type, cell(c, row))).join(",")}\r\n`;
    }
  }
}

/** Writes lines as UTF-8, whole or not at all. */
export const writeLines = (path: string, lines: Iterable<string>): Promise<number> =>
  atomicFile(path, async (append) => {
    const encoder = new TextEncoder();
    let block = "";
    for (const line of lines) {
      block += line;
      if (block.length >= 1 << 16) {
        await append(encoder.encode(block));
        block = "";
      }
    }
    await append(encoder.encode(block));
  });

const cellText = (type: string, cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell === "string") return fieldText(safe(cell));
  if (type === "timestamp") return new Date(cell).toISOString().replace(".000Z", "Z");
  return Object.is(cell, -0) ? "-0" : String(cell);
};

/** OWASP, "CSV Injection": texts that begin like a formula are not run when they begin with a quote mark. */
const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
