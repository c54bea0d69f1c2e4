/**
 * Parts of a table: its rows by case, or by month of the init (without one: of the valid time). Which part a row is of is
 * said by its key, so the rows of a part lie together and none moves to another. A part is told by a number.
 */
import type { Row } from "../../model/row.ts";

export type PartRule = "case" | "month";

/** Number of the part of rows that have neither init nor valid time: before all others. */
const noMonth = -0x8000_0000;

export type Keyed = Pick<Row, "case_id" | "init_time" | "valid_time">;

export const partOf = (rule: PartRule, { case_id, init_time, valid_time }: Keyed): number => {
  if (rule === "case") return case_id;
  const time = init_time ?? valid_time;
  if (time === null) return noMonth;
  const date = new Date(time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
};

/** What a part is called in names of files: `case-12`, `month-2024-06`, `month-none`. */
export const partName = (rule: PartRule, part: number): string => {
  if (rule === "case") return `case-${part}`;
  if (part === noMonth) return "month-none";
  const first = new Date(0);
  first.setUTCFullYear(Math.floor(part / 12), part - 12 * Math.floor(part / 12), 1);
  return `month-${first.toISOString().slice(0, -17)}`;
};
