import type { StoredValues } from "../storedArray.ts";

/** Values of a coordinate and what its metadata say of them. */
export interface AxisValues {
  readonly values: StoredValues;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dataType: string;
  /** The format's fill value. */
  readonly fill: number | bigint | null;
  /** For messages. */
  readonly source: string;
  readonly variable: string;
  readonly warning?: string;
}
