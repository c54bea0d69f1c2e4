/**
 * The result table in the nine columns of ExtremeWeatherBench 1.1, in the text that pandas gives them there: one
 * frame a metric and target of a case; where the frames do not agree on the types of `value`, `lead_time` and
 * `init_time`, every column becomes a column of objects, and times are always written long.
 */
import type { Row } from "../../model/row.ts";
import { type ColumnTable, cellsOf } from "../column.ts";
import { type Rows, sortedRows } from "../resultTable.ts";
import { fieldText } from "./fieldText.ts";
import { datetimeTexts, floatText, timedeltaTexts } from "./pandasText.ts";
import { writeLines } from "./writeCsv.ts";

export interface EwbCsvOptions {
  /** What the values of a row's metric are there; a `bool` row holds 1 or 0. Default `float64`. */
  readonly valueType?: (row: Row) => "float64" | "float32" | "bool";
  /** `integer`: the source counts its leads in plain hours, and hours are written. Default `timedelta`. */
  readonly leads?: "timedelta" | "integer";
  /** Adds the column `valid_time`, which peak metrics have there. Default false. */
  readonly validTime?: boolean;
}

/**
 * Writes the nine columns, sorted by the key of the table, whole or not at all. `metricName` gives the name the
 * peer has for a row's metric, e.g. `RootMeanSquaredError`. Gives the size of the file in bytes.
 *
 * @throws `DuplicateRow`, `InvalidValue`, `Write`, as `writeParquet` does
 */
export const writeEwbCsv = async (
  path: string,
  rows: Rows,
  metricName: (row: Row) => string,
  options: EwbCsvOptions = {},
): Promise<number> => writeLines(path, ewbCsvLines(rowsOf(await sortedRows(rows)), metricName, options));

const nineColumns =
  "value,lead_time,init_time,target_variable,metric,forecast_source,target_source,case_id_number,event_type";

/** The lines of that table, each with its line end, in the order of the rows. */
export function* ewbCsvLines(
  rows: readonly Row[],
  metricName: (row: Row) => string,
  { valueType = () => "float64", leads = "timedelta", validTime = false }: EwbCsvOptions = {},
): Generator<string> {
  const mixed = framesDiffer(rows, valueType);
  const hours = rows.map(({ lead_hours }) => lead_hours);
  const leadTexts =
    leads === "integer"
      ? hours.map((value) => (value === null ? "" : String(value)))
      : timedeltaTexts(
          hours.map((value) => value && Math.round(value * 3_600_000)),
          mixed,
        );
  const times = (name: "init_time" | "valid_time") =>
    datetimeTexts(
      rows.map((row) => row[name]),
      mixed,
    );
  const initTexts = times("init_time");
  const validTexts = validTime ? times("valid_time") : [];

  yield `${nineColumns}${validTime ? ",valid_time" : ""}\n`;
  for (const [i, row] of rows.entries()) {
    const type = valueType(row);
    const value =
      type !== "bool" || Number.isNaN(row.value)
        ? floatText(row.value, type === "float32" ? type : "float64")
        : row.value === 0
          ? "False"
          : "True";
    const fields = [
      value,
      leadTexts[i]!,
      initTexts[i]!,
      row.variable,
      metricName(row),
      row.forecast,
      row.target,
      String(row.case_id),
      row.event_type,
      ...validTexts.slice(i, i + 1),
    ];
    yield `${fields.map(fieldText).join(",")}\n`;
  }
}

/** Whether pandas would find differing types in the frames of these rows. */
const framesDiffer = (rows: readonly Row[], valueType: NonNullable<EwbCsvOptions["valueType"]>): boolean => {
  const frames = new Map<string, { value: string; lead: boolean; init: boolean }>();
  for (const row of rows) {
    const { case_id, forecast, target, variable, metric, metric_id, parameters, level, by } = row;
    const key = JSON.stringify([
      case_id,
      forecast,
      target,
      variable,
      metric,
      metric_id,
      parameters,
      level,
      by,
    ]);
    const frame = frames.get(key) ?? { value: valueType(row), lead: false, init: false };
    frame.lead ||= row.lead_hours !== null;
    frame.init ||= row.init_time !== null;
    frames.set(key, frame);
  }
  return new Set([...frames.values()].map((frame) => JSON.stringify(frame))).size > 1;
};

const rowsOf = (table: ColumnTable): Row[] => {
  const rows: Row[] = [];
  for (const { length, words } of table.blocks(4096)) {
    const cell = cellsOf(table, words);
    for (let row = 0; row < length; row++) {
      const cells = table.columns.map(({ name }, c) => [name, cell(c, row)]);
      rows.push(Object.fromEntries(cells) as unknown as Row);
    }
  }
  return rows;
};
