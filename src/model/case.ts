import type { Region } from "./region.ts";

/** The end of a case that is not over: later than any valid time. */
export const openEnd = Date.UTC(9999, 11, 31);

/** An event: what happened, when (milliseconds UTC, both ends included) and where. */
export interface Case {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly region: Region;
}
