/**
 * One line of the result table, the same columns in Parquet, CSV, Arrow and on the terminal. Times are
 * milliseconds UTC; null where the metric has reduced over them.
 */
export interface Row {
  readonly case_id: number;
  readonly case_title: string;
  readonly event_type: string;
  readonly forecast: string;
  readonly target: string;
  readonly metric: string;
  readonly variable: string;
  /** Unit of `value`. */
  readonly unit: string;
  readonly level: number | null;
  readonly by: string | null;
  readonly parameters: string | null;
  readonly init_time: number | null;
  readonly valid_time: number | null;
  readonly lead_hours: number | null;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number | null;
  readonly share_better: number | null;
  readonly reference: string | null;
  readonly n: number;
  readonly status: "complete" | "provisional" | "partial";
  readonly metric_id: string;
  readonly forecast_version: string;
  readonly target_version: string;
  readonly ewb_version: string;
  /** Columns a metric adds, after the others, e.g. `n_times`. */
  readonly extra?: Readonly<Record<string, number>>;
}

export type ColumnType = "int32" | "int64" | "double" | "string" | "timestamp";

/** Columns of the table in order, with type and whether null may stand there. */
export const columns: readonly {
  readonly name: Exclude<keyof Row, "extra">;
  readonly type: ColumnType;
  readonly nullable: boolean;
}[] = [
  { name: "case_id", type: "int32", nullable: false },
  { name: "case_title", type: "string", nullable: false },
  { name: "event_type", type: "string", nullable: false },
  { name: "forecast", type: "string", nullable: false },
  { name: "target", type: "string", nullable: false },
  { name: "metric", type: "string", nullable: false },
  { name: "variable", type: "string", nullable: false },
  { name: "unit", type: "string", nullable: false },
  { name: "level", type: "double", nullable: true },
  { name: "by", type: "string", nullable: true },
  { name: "parameters", type: "string", nullable: true },
  { name: "init_time", type: "timestamp", nullable: true },
  { name: "valid_time", type: "timestamp", nullable: true },
  { name: "lead_hours", type: "double", nullable: true },
  { name: "value", type: "double", nullable: false },
  { name: "lower", type: "double", nullable: true },
  { name: "upper", type: "double", nullable: true },
  { name: "confidence", type: "double", nullable: true },
  { name: "share_better", type: "double", nullable: true },
  { name: "reference", type: "string", nullable: true },
  { name: "n", type: "int64", nullable: false },
  { name: "status", type: "string", nullable: false },
  { name: "metric_id", type: "string", nullable: false },
  { name: "forecast_version", type: "string", nullable: false },
  { name: "target_version", type: "string", nullable: false },
  { name: "ewb_version", type: "string", nullable: false },
];

/** Columns that make a row's key, in the order rows are sorted by. */
export const keyColumns = [
  "case_id",
  "forecast",
  "target",
  "metric_id",
  "variable",
  "level",
  "by",
  "parameters",
  "init_time",
  "lead_hours",
  "valid_time",
] as const satisfies readonly Exclude<keyof Row, "extra">[];

/** Something that could not be scored, and why. Its rows are not in the table. */
export interface Failure {
  readonly case_id: number | null;
  readonly forecast: string | null;
  readonly target: string | null;
  /** Name of the source, file or line at fault, and the chunk or key in it. */
  readonly source: string | null;
  readonly key: string | null;
  readonly stage: "cases" | "open" | "read" | "compute" | "write";
  /** The error's tag. */
  readonly tag: string;
  readonly message: string;
}

/** What a source never had: no failure, but the reader of the table must know. */
export interface Gap {
  readonly case_id: number;
  readonly forecast: string;
  readonly target: string;
  readonly source: string;
  readonly what: string;
  /** Number of (init, lead) pairs it concerns. */
  readonly units: number;
}
