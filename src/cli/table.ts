/**
 * Result rows as a table for the terminal. A metric that keeps the lead time is one line with a column a lead;
 * one that keeps the run (or valid times) is one line with the number of runs and their median, least and greatest
 * value - never a mean that was not asked for; `by` shows every value, forecasts side by side. What all rows have
 * in common is said once, below.
 */
import type { Row } from "../model/row.ts";
import { rowsAlong, sideBySide } from "./tableAlong.ts";
import { type Common, commonOf, keptBy, measuresOf } from "./tableLines.ts";
import { type Section, sectionOf } from "./tableSections.ts";
import { gridText } from "./textGrid.ts";

export interface ResultTableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** `lead_hours`, `init_time` or `valid_time`: every value along it, one a line. */
  readonly by?: string;
}

/**
 * The table as text, without a line end after the last line.
 *
 * @throws `Options` where `by` is none of the columns it can be, or no row keeps it
 * @example resultTable(rows, { width: 100, colour: false })
 */
export const resultTable = (rows: readonly Row[], { width, colour, by }: ResultTableOptions): string => {
  if (rows.length === 0) return "no rows";
  const chosen = by === undefined ? rows : rowsAlong(rows, by);
  const common = commonOf(chosen);
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const text: string[] = [];
  for (const ofCase of byCase(chosen)) {
    const { case_id, case_title, event_type } = ofCase[0]!;
    text.push(paint(bold, `Case ${case_id} · ${case_title} · ${event_type}`), "");
    for (const { title, grid } of sections(ofCase, common, width - 2, by)) {
      const [titles, ...lines] = gridText(grid, width - 2);
      text.push(`  ${title}`, paint(dim, `  ${titles}`), ...lines.map((line) => `  ${line}`), "");
    }
  }
  return [...text, ...notes(chosen, common, text)].join("\n").trimEnd();
};

const [bold, dim] = [1, 2];

const sections = (rows: readonly Row[], common: Common, width: number, by: string | undefined): Section[] =>
  by === undefined
    ? (["lead", "run", "time", "nothing"] as const).flatMap((kept) => {
        const some = rows.filter((row) => keptBy(row) === kept);
        return some.length === 0 ? [] : [sectionOf[kept](measuresOf(some, common), width)];
      })
    : measuresOf(rows, common).flatMap((measure) => sideBySide(measure, by));

const byCase = (rows: readonly Row[]): Row[][] => {
  const found = new Map<number, Row[]>();
  for (const row of rows) {
    const group = found.get(row.case_id);
    if (group === undefined) found.set(row.case_id, [row]);
    else group.push(row);
  }
  return [...found.values()].sort((a, b) => a[0]!.case_id - b[0]!.case_id);
};

/** What all rows share, and what the signs mean that occur. */
const notes = (rows: readonly Row[], { variable, options }: Common, text: readonly string[]): string[] => {
  const cells = new Set(text.flatMap((line) => line.split(/ +/)));
  const shared = [variable, ...options].filter((part) => part !== undefined).join("; ");
  return [
    shared === "" ? "" : `all rows: ${shared}`,
    cells.has("NaN") ? "NaN: no valid sample" : "",
    text.some((line) => line.startsWith("    ") && / ·( |$)/.test(line)) ? "·: no such row" : "",
    rows.some(({ status }) => status === "partial")
      ? "*: partial, an allowed part of the input is missing"
      : "",
    rows.some(({ status }) => status === "provisional") ? "†: provisional, more input is expected" : "",
  ].filter((note) => note !== "");
};
