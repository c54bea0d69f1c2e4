/** The golden cases that lie in folders of their own: cases, objects, stores and the peer's table. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { goldenPath } from "./goldenPath.ts";

export interface CaseJson {
  readonly case_id_number: number;
  readonly title: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly location: { readonly type: string; readonly parameters: Readonly<Record<string, any>> };
  readonly event_type: string;
}

export interface InputJson {
  readonly class: string;
  readonly source: string;
  readonly name?: string;
  readonly variables: readonly unknown[];
  /** Stored name -> canonical name. */
  readonly variable_mapping?: Readonly<Record<string, string>>;
}

export interface MetricJson {
  readonly class: string;
  readonly parameters: Readonly<Record<string, any>>;
}

export interface ObjectJson {
  readonly event_type: string | readonly string[];
  readonly forecast: InputJson;
  readonly target: InputJson;
  readonly metrics: readonly MetricJson[];
}

/** A row of the peer's table; those of `right` carry only the columns that identify them. */
export interface TableRow {
  readonly metric: string;
  readonly value: number | string | boolean;
  readonly case_id_number?: number;
  readonly event_type?: string;
  readonly forecast_source?: string;
  readonly target_source?: string;
  readonly target_variable?: string;
  readonly lead_time?: number | null;
  readonly init_time?: string | number | null;
  readonly valid_time?: string | null;
}

export interface EndToEndCase {
  readonly id: string;
  readonly folder: string;
  readonly kind: "science" | "quirk";
  readonly cases: readonly CaseJson[];
  readonly objects: readonly ObjectJson[];
  readonly options: Readonly<Record<string, unknown>>;
  /** The peer's rows, or undefined where it ended with an error. */
  readonly expected: readonly TableRow[] | undefined;
  readonly right: readonly TableRow[] | undefined;
  /** What is right is said to include a failure. */
  readonly isFailure: boolean;
}

const read = (folder: string, file: string) => JSON.parse(readFileSync(resolve(folder, file), "utf8"));

/** All folders that hold a case, by name. */
export const endToEndCases = (): EndToEndCase[] =>
  readdirSync(goldenPath("ewb-core"))
    .sort()
    .map((id) => ({ id, folder: goldenPath("ewb-core", id) }))
    .filter(({ folder }) => existsSync(resolve(folder, "run.json")))
    .map(({ id, folder }) => {
      const { kind, rows, error, right, right_note: note = "" } = read(folder, "expected.json");
      const { objects, options = {} } = read(folder, "run.json");
      const expected = error === undefined ? rows : undefined;
      const cases = read(folder, "case.json");
      return { id, folder, kind, cases, objects, options, expected, right, isFailure: /failure/.test(note) };
    });
