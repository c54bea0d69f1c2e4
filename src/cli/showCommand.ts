import { EwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import { readRecords, readRows } from "../sinks/parquet/readRows.ts";
import { askedMetrics } from "./askedMetrics.ts";
import { caseIds, parseSelection } from "./selection.ts";
import { colourWanted } from "./streamCommand.ts";
import { resultTable } from "./table.ts";

export interface ShowOptions {
  readonly by?: string;
  readonly metric?: readonly string[];
  readonly forecast?: readonly string[];
  readonly cases?: string;
  readonly json?: boolean;
}

/** Prints a result file as a table a person can read, or as JSON lines. */
export const showCommand = async (
  path: string,
  options: ShowOptions,
  out: NodeJS.WriteStream,
): Promise<number> => {
  const { metric, ...others } = options;
  const { forecasts, cases } = await parseSelection(others);
  if (options.cases !== undefined && cases === undefined) {
    throw new EwbError("Options", `--cases ${options.cases}: expected ids of cases, e.g. 1,4-7`);
  }
  if (/\.(failures|gaps)\.parquet$/.test(path)) return showRecords(path, options, out);
  const { rows, metadata } = await readRows(path);
  const isAsked = metric && (await askedMetrics(metric, rows, metadata));
  const wanted = (row: Row) =>
    (isAsked?.(row) ?? true) &&
    (forecasts?.includes(row.forecast) ?? true) &&
    (cases?.includes(row.case_id) ?? true);
  const chosen = rows.filter(wanted);
  if (chosen.length === 0) {
    throw new EwbError("Options", `${path}: ${rows.length} rows, none of them chosen by the options`, {
      source: path,
    });
  }
  if (options.json) {
    for (const row of chosen) out.write(`${JSON.stringify(row)}\n`);
    return 0;
  }
  const { columns: width = 120 } = out;
  out.write(
    `${resultTable(chosen, { width, colour: colourWanted(out), ...(options.by ? { by: options.by } : {}) })}\n`,
  );
  return 0;
};

/** Tables of failures and gaps: a record a paragraph, the cases asked for. */
const showRecords = async (
  path: string,
  { json, cases }: ShowOptions,
  out: NodeJS.WriteStream,
): Promise<number> => {
  const ids = caseIds(cases);
  const { records } = await readRecords(path);
  for (const record of records) {
    if (ids !== undefined && !ids.includes(Number(record.case_id))) continue;
    const plain = Object.entries(record).map(([name, value]) => [
      name,
      typeof value === "bigint" ? Number(value) : value,
    ]);
    const said = plain.filter(([, value]) => value !== null && value !== undefined && value !== "");
    out.write(
      json
        ? `${JSON.stringify(Object.fromEntries(plain))}\n`
        : `${said.map(([name, value]) => `${String(name).padEnd(9)} ${value}`).join("\n")}\n\n`,
    );
  }
  return 0;
};
