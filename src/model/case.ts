import type { Region } from "./region.ts";

/** An event: what happened, when (milliseconds UTC, both ends included) and where. */
export interface Case {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly region: Region;
}
