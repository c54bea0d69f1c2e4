/**
 * What earlier runs have finished: a run need not do it again where its inputs are the same. A *site* is one `score`
 * of one set of pairs of a case; a unit of it is one ref and one target.
 */
export interface Finished {
  site(key: string): FinishedSite;
}

export interface UnitName {
  readonly target: string;
  /** Milliseconds UTC. */
  readonly initTime: number;
  readonly leadHours: number;
}

/** What a unit was made of: versions of the chunks of each side, and whether any of them was not there. */
export interface UnitInputs {
  readonly forecast: string;
  readonly target: string;
  /** Versions of climatologies and other fields beside the two sides. */
  readonly beside: string;
  readonly lacks: { readonly forecast: boolean; readonly target: boolean };
}

/** A unit that is kept. Plain data. */
export interface KeptUnit extends UnitName {
  readonly inputs: UnitInputs;
}

export interface FinishedSite {
  /** Resolves when it is known which units are kept; absent: it is. */
  readonly ready?: Promise<void>;
  /** Units that are kept. */
  readonly size: number;
  units(): Iterable<KeptUnit>;
  find(unit: UnitName): UnitInputs | undefined;
  /** Keeps a unit that is finished; never waits. */
  record(unit: UnitName, inputs: UnitInputs, states: readonly unknown[]): void;
  /** The states of each of some units that are kept, one a metric. Rejects as `merged` does. */
  states(units: readonly UnitName[]): Promise<readonly (readonly unknown[])[]>;
  /** The merged states, one a metric, of some units that are kept. Rejects with `LedgerCorrupt` where one cannot be read. */
  merged(units: readonly UnitName[], merge: Merge): Promise<readonly unknown[]>;
}

/** Merges two states of the metric of that number. */
export type Merge = (metric: number, a: unknown, b: unknown) => unknown;
