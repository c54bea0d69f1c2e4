/** The parts of a terminal table: what is kept by lead, over runs or times, and over the whole case. */
import type { Row } from "../model/row.ts";
import { countRange, countText, valueText } from "./numberText.ts";
import type { Kept, Line, Measure } from "./tableLines.ts";
import { type Grid, type GridColumn, naturalWidth } from "./textGrid.ts";

export interface Section {
  readonly title: string;
  readonly grid: Grid;
}

export const right = (title: string): GridColumn => ({ title, align: "right" });

const grid = (
  measures: readonly Measure[],
  columns: readonly string[],
  cells: (line: Line, unit: string) => readonly (readonly string[])[],
): Grid => ({
  columns: [
    { title: "target", align: "left", once: true },
    { title: "forecast", align: "left", once: true },
    ...columns.map(right),
  ],
  lines: measures.flatMap(({ heading, unit, lines }) => [
    heading,
    ...lines.flatMap((line) => cells(line, unit).map((some) => [line.target, line.forecast, ...some])),
  ]),
});

const byLead = (measures: readonly Measure[], width: number): Section => {
  const leads = [
    ...new Set(
      measures.flatMap(({ lines }) => lines.flatMap(({ rows }) => rows.map((row) => row.lead_hours!))),
    ),
  ].sort((a, b) => a - b);
  const show = (shown: readonly number[]): Grid => {
    const inDays = shown.every((lead) => lead % 24 === 0);
    const titles = shown.map((lead) => (inDays ? `${lead / 24} d` : `${lead} h`));
    return grid(measures, [...titles, "n"], ({ rows }, unit) => {
      const found = new Map(rows.map((row) => [row.lead_hours!, valueText(row.value, unit)]));
      return [[...shown.map((lead) => found.get(lead) ?? "·"), countsOf(rows)]];
    });
  };
  const choices = selections(leads);
  const shown = choices.find((some) => naturalWidth(show(some)) <= width) ?? choices.at(-1)!;
  const part =
    shown.length < leads.length
      ? ` (${shown.length} of ${leads.length} leads; --by lead_hours shows all)`
      : "";
  return { title: `by lead time${part}`, grid: show(shown) };
};

/** Ever fewer leads to choose from: all, whole days, every second of these, … */
const selections = (leads: readonly number[]): number[][] => {
  const days = leads.filter((lead) => lead % 24 === 0);
  const coarse = days.length >= 2 ? days : leads;
  const steps = Array.from({ length: Math.max(coarse.length - 1, 1) }, (_, i) => i + 1);
  return [[...leads], ...steps.map((step) => coarse.filter((_, i) => i % step === 0))];
};

const spread =
  (what: string) =>
  (measures: readonly Measure[]): Section => ({
    title: `over ${what}: how many, their median, least and greatest value`,
    grid: grid(measures, [what, "median", "least", "greatest", "n"], ({ rows }, unit) => {
      const values = rows.map(({ value }) => value).filter((value) => !Number.isNaN(value));
      values.sort((a, b) => a - b);
      const count = values.length === rows.length ? `${rows.length}` : `${values.length} of ${rows.length}`;
      const shown = [median(values), values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN];
      return [[count, ...shown.map((value) => valueText(value, unit)), countsOf(rows)]];
    }),
  });

const median = (sorted: readonly number[]): number => {
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const overall = (measures: readonly Measure[]): Section => {
  const intervals = measures.some(({ lines }) =>
    lines.some(({ rows }) => rows.some(({ lower }) => lower !== null)),
  );
  return {
    title: "over the whole case",
    grid: grid(measures, ["value", ...(intervals ? ["interval"] : []), "n"], ({ rows }, unit) =>
      rows.map((row) => [
        valueText(row.value, unit),
        ...(intervals ? [intervalText(row)] : []),
        countText(row.n),
      ]),
    ),
  };
};

const intervalText = ({ lower, upper, confidence, unit }: Row): string => {
  if (lower === null || upper === null) return "";
  const percent = confidence === null ? "" : ` (${Math.round(confidence * 100)} %)`;
  return `${valueText(lower, unit)} … ${valueText(upper, unit)}${percent}`;
};

const countsOf = (rows: readonly Row[]): string => countRange(rows.map(({ n }) => n));

/** How the rows of each kind are shown. */
export const sectionOf: Readonly<Record<Kept, (measures: readonly Measure[], width: number) => Section>> = {
  lead: byLead,
  run: spread("runs"),
  time: spread("times"),
  nothing: overall,
};
