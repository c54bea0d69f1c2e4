/**
 * Rows grouped for the terminal: a measure (metric, variable, unit, options) is a heading, and below it stands one
 * line a target and forecast.
 */
import type { Row } from "../model/row.ts";

/** What a metric keeps tells how its rows are shown. */
export type Kept = "lead" | "run" | "time" | "nothing";

export const keptBy = ({ init_time, lead_hours, valid_time }: Row): Kept =>
  init_time !== null ? "run" : valid_time !== null ? "time" : lead_hours !== null ? "lead" : "nothing";

/** Rows of one measure, in the order they came. */
export interface Measure {
  /** `root mean squared error, K (above=…)`: what tells it from the other measures of the table. */
  readonly heading: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly target: string;
  /** The forecast's name, with a mark where a row is not final. */
  readonly forecast: string;
  readonly rows: readonly Row[];
}

/** What all rows of a table have in common, to be said once. */
export interface Common {
  readonly variable: string | undefined;
  readonly options: ReadonlySet<string>;
}

export const commonOf = (rows: readonly Row[]): Common => {
  const variables = new Set(rows.map(variableText));
  const lists = [...new Set(rows.map(({ parameters }) => parameters))].map(optionsOf);
  return {
    variable: variables.size === 1 ? [...variables][0] : undefined,
    options: new Set(lists[0]?.filter((option) => lists.every((list) => list.includes(option)))),
  };
};

/** Measures by their headings, lines by target and forecast. */
export const measuresOf = (rows: readonly Row[], common: Common): Measure[] => {
  const headings = groups(rows, (row) => [heading(row, common), row.unit, row.metric_id]);
  return headings.map((ofMeasure) => ({
    heading: heading(ofMeasure[0]!, common),
    unit: ofMeasure[0]!.unit,
    lines: groups(ofMeasure, ({ target, forecast }) => [target, forecast]).map((ofLine) => ({
      target: ofLine[0]!.target,
      forecast: ofLine[0]!.forecast + (ofLine.map(statusMark).find((mark) => mark !== "") ?? ""),
      rows: ofLine,
    })),
  }));
};

/** Rows with equal texts together, in the order of these. */
export const groups = (rows: readonly Row[], texts: (row: Row) => readonly string[]): Row[][] => {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = texts(row).join("\0");
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  const keyed = [...found].map(([key, group]) => ({ key: padded(key), group }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ group }) => group);
};

/** So that `lead=48..96 h` comes before `lead=144..192 h`; decimals are in order as they are. */
const padded = (text: string): string =>
  text.replace(/(?<!\d|\d\.)\d+/g, (digits) => digits.padStart(9, "0"));

/** A mark for rows that are not final. */
export const statusMark = ({ status }: Row): string =>
  status === "partial" ? " *" : status === "provisional" ? " †" : "";

const heading = (row: Row, { variable, options }: Common): string => {
  const own = optionsOf(row.parameters).filter((option) => !options.has(option));
  const parts = [row.metric, variable === undefined ? variableText(row) : "", row.by ?? "", row.unit];
  return `${parts.filter((part) => part !== "").join(", ")}${own.length > 0 ? ` (${own.join("; ")})` : ""}`;
};

const variableText = ({ variable, level }: Row): string =>
  level === null ? variable : `${variable} ${level}`;

const optionsOf = (parameters: string | null): string[] => (parameters ? parameters.split(";") : []);
