/** How the rows of a run differ from those of the peer's table. */
import type { TableRow } from "./endToEndCase.ts";
import type { ObjectRow } from "./endToEndProgram.ts";
import { instant, numberOf } from "./unitCase.ts";

type Identity = Exclude<keyof TableRow, "value">;

const identities: readonly Identity[] = [
  "metric",
  "case_id_number",
  "event_type",
  "forecast_source",
  "target_source",
  "target_variable",
  "lead_time",
  "init_time",
  "valid_time",
];

const found = ({ row, metric }: ObjectRow, column: Identity): string | number | null => {
  const columns = {
    metric,
    case_id_number: row.case_id,
    event_type: row.event_type,
    forecast_source: row.forecast,
    target_source: row.target,
    target_variable: row.variable,
    lead_time: row.lead_hours,
    init_time: row.init_time,
    valid_time: row.valid_time,
  };
  return columns[column];
};

const time = /^\d{4}-\d\d-\d\dT/;

const stated = (row: TableRow, column: Identity): string | number | null => {
  const value = row[column] ?? null;
  if (value === "NaN") return null;
  return typeof value === "string" && time.test(value) ? instant(value) : value;
};

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

/**
 * Every row of the table is looked for by the columns it has; a row without a number and no row are the same,
 * unless `strict`.
 */
export const tableDifferences = (
  table: readonly ObjectRow[],
  expected: readonly TableRow[],
  { strict, tolerance }: { readonly strict: boolean; readonly tolerance: number },
): string[] => {
  const left = new Set(table);
  const differences: string[] = [];
  const text = (row: TableRow) =>
    identities.flatMap((column) => (row[column] === undefined ? [] : [`${row[column]}`])).join(" ");
  for (const row of expected) {
    const wanted = numberOf(row.value);
    const columns = identities.filter((column) => row[column] !== undefined);
    const same = [...left].filter((one) =>
      columns.every((column) => found(one, column) === stated(row, column)),
    );
    const match = same.find((one) => close(one.row.value, wanted, tolerance)) ?? same[0];
    if (match !== undefined) left.delete(match);
    else if (!strict && Number.isNaN(wanted)) continue;
    const got = match?.row.value;
    if (got === undefined || !close(got, wanted, tolerance)) {
      differences.push(`${text(row)}: got ${got}, expected ${wanted}`);
    }
  }
  for (const one of left) {
    if (!strict && Number.isNaN(one.row.value)) continue;
    const names = identities.map((column) => found(one, column)).join(" ");
    differences.push(`${names}: got ${one.row.value}, which was not expected`);
  }
  return differences;
};
