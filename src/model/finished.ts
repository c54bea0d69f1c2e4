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
  /**
   * The states of some units of one target that are kept, each unit once: of bundles that are whole, else one by one.
   * Rejects with `LedgerCorrupt` where some cannot be read.
   */
  parts(units: readonly UnitName[]): AsyncIterable<KeptPart>;
  /**
   * Keeps the merge of the states of some units of one target beside them, so that it need not be made again; never
   * waits. Nothing is kept where one of them is not there with these inputs.
   */
  bundle(units: readonly KeptUnit[], states: readonly unknown[]): void;
}

/** States of some units, one a metric: those of one unit, or the merge of many. */
export interface KeptPart {
  /** Which they are, by their numbers among those asked for. */
  readonly units: Uint32Array;
  readonly states: readonly unknown[];
  /** Bytes of the states as they are kept. */
  readonly bytes: number;
}
