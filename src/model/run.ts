import type { Observable } from "rxjs";
import type { Budget } from "./budget.ts";
import type { Case } from "./case.ts";
import type { Cost } from "./chunk.ts";
import type { RunEvent, UnitCounts } from "./event.ts";
import type { Finished } from "./finished.ts";
import type { OwnedWorkspace } from "./memory.ts";
import type { OpenPoints, OpenSource, PointSelection } from "./openSource.ts";
import type { PairSet } from "./pair.ts";
import type { Failure, Gap, Row } from "./row.ts";
import type { Sharing } from "./sharing.ts";
import type { Role, Source } from "./source.ts";
import type { Stages } from "./stages.ts";
import type { Turns } from "./turns.ts";
import type { Variables } from "./units.ts";
import type { Watching } from "./watching.ts";

/** Selections of one run; they prune what is read. Times in milliseconds, both ends included. */
export interface Selection {
  readonly forecasts?: readonly string[];
  readonly metrics?: readonly string[];
  readonly inits?: { readonly from: number; readonly to: number };
  readonly leads?: { readonly from: number; readonly to: number };
  readonly cases?: readonly number[];
  /** At most so many units a case and forecast. */
  readonly limit?: number;
}

/**
 * The only way to touch the world: everything with an effect takes it first. Made by `createRun` (`ewb/run`) or
 * by the command line; a test may make its own.
 */
export interface Run {
  readonly budget: Budget;
  readonly stages: Stages;
  /** Set where it is asked what metrics allocate: `projected` bytes were put aside for what `work` does. */
  readonly measure?: <T>(name: string, projected: number, work: () => T) => T;
  /** Arrays for one unit; the caller gives them back. */
  workspace(): OwnedWorkspace;
  readonly selection: Selection;
  /** Share of a unit's refs that may fail before its rows are withheld, 0 to 1. */
  readonly maxMissing: number;
  readonly version: string;
  readonly signal: AbortSignal;
  /** True once no new refs are wanted: what is in work finishes, what is whole is published. */
  readonly draining: boolean;
  /** True in `ewb plan`: costs are recorded, nothing is admitted. */
  readonly planning: boolean;

  /** The sources of the chosen data set that can give these variables. */
  sources<V extends Variables>(role: Role, variables: V): Source<V>[];
  /** Cases of the data set, or of the file or list given. Defects are failures; good cases come out. */
  cases(from?: string | readonly Case[]): Promise<readonly Case[]>;
  open(source: Source): Promise<OpenSource>;
  /** What `open` gave before; undefined: it failed. */
  opened(source: Source): OpenSource | undefined;
  /** The reports a set of pairs needs of a target: read once, kept for as long as the set lives. */
  select(set: PairSet<any>, target: OpenPoints): Promise<PointSelection>;
  /** What `select` gave before; undefined in a plan. */
  selected(set: PairSet<any>, target: OpenPoints): PointSelection | undefined;
  /** Says that not all refs of a set were given (`draining`): its rows would not be whole. */
  cutShort(set: PairSet<any>): void;
  isCutShort(set: PairSet<any>): boolean;

  /** Number of this `eachCase` in the pipeline, by order of call. */
  eachCaseIndex(): number;
  /** Says that a case will be worked on: the total of the progress. */
  announce(event: Case): void;
  /** How many cases may be open at once. */
  readonly casesAtOnce: number;
  /**
   * Set where the work of a case may be done elsewhere. On a coordinator its results come from a worker; in a
   * worker `here` runs for the case that was handed over, its results are sent, and nothing is emitted.
   */
  readonly elsewhere?: <R>(index: number, event: Case, here: () => Observable<R>) => Observable<R>;
  /** Absent: each set names its refs as it likes. */
  readonly turns?: Turns;
  /** Set where the units of a case may be done by several workers. */
  readonly sharing?: Sharing;
  /** Set where units that were finished before are kept: they are not done again. */
  readonly finished?: Finished;
  /** Set where inputs still arrive. */
  readonly watching?: Watching;
  /** Registers a `score` of a case; throws `DuplicateSite` for two equal ones of one subscription. */
  site(event: Case, key: string): void;

  /** What a unit will cost, for `plan`; `units` is 0 for what is read once for all units of a set. */
  planned(event: Case, forecast: string, cost: Cost | readonly Cost[], units?: number): void;
  /** Adds to the unit counts of a case: how far it is. */
  count(event: Case, units: Partial<UnitCounts>): void;
  /** Puts a definition (of a metric, by id) or a source (by name) into the metadata of the result. */
  document(section: "metrics" | "sources", key: string, text: string): void;
  emit(event: RunEvent): void;
  fail(failure: Failure): void;
  gap(gap: Gap): void;
  /** A table being written under a temporary name; published, whole, by `publish`. */
  table(path: string): Table;
}

/** A result table in the making. */
export interface Table {
  add(row: Row): void;
  /** Sorts, checks keys, writes, renames. */
  publish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): void;
}
