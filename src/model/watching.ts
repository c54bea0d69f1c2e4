/** How long an input is waited for: milliseconds after the init of a forecast, after the valid time of a target. */
export interface Patience {
  /** Until then a unit that lacks something waits. */
  readonly deadline: number;
  /** From then on what is not there is taken never to come. */
  readonly never: number;
}

/**
 * Set where inputs arrive while a pipeline is run again and again: what lacks something is waited for, and rows that
 * may still change say so.
 */
export interface Watching {
  /** Milliseconds UTC: the moment all of this turn is seen at. */
  readonly now: number;
  /** Whether more forecasts of a case that ends at `end` (milliseconds UTC) may come of a source, by its name. */
  mayGrow(end: number, forecast: string, own?: Partial<Patience>): boolean;
  /**
   * What becomes of a unit that lacks something: it `waits` and does not count yet; counts as it is and is
   * `provisional`; or counts for good, since what it lacks will `never` come.
   */
  judge(unit: LackingUnit): "waits" | "provisional" | "never";
}

/** A unit of which something is not there. Times in milliseconds UTC. */
export interface LackingUnit {
  readonly caseId: number;
  readonly forecast: string;
  readonly target: string;
  readonly lacks: "forecast" | "target";
  /** What the source that lacks something says of itself. */
  readonly own?: Partial<Patience>;
  readonly initTime: number;
  readonly leadHours: number;
  readonly validTime: number;
}
