/**
 * Set where inputs arrive while a pipeline is run again and again: what lacks something is waited for, and rows that
 * may still change say so.
 */
export interface Watching {
  /** Milliseconds UTC: the moment all of this turn is seen at. */
  readonly now: number;
  /**
   * What becomes of a unit that lacks something: it `waits` and does not count yet; counts as it is and is
   * `provisional`; or counts for good, since what it lacks will `never` come.
   */
  /** Whether more forecasts of a case that ends at `end` (milliseconds UTC) may come. */
  mayGrow(end: number): boolean;
  judge(unit: LackingUnit): "waits" | "provisional" | "never";
}

/** A unit of which something is not there. Times in milliseconds UTC. */
export interface LackingUnit {
  readonly caseId: number;
  readonly forecast: string;
  readonly target: string;
  readonly lacks: "forecast" | "target";
  readonly initTime: number;
  readonly leadHours: number;
  readonly validTime: number;
}
