import type { ChunkRef, Cost, Slot } from "./chunk.ts";
import type { Field } from "./field.ts";
import type { Grid, Window } from "./grid.ts";
import type { Workspace } from "./memory.ts";
import type { Source } from "./source.ts";

/**
 * A source after its metadata are read and checked. Formats implement these; operators know nothing else of
 * them. Variables are asked for by their canonical name, values come in canonical units, missing is NaN.
 * Members are already combined as the source says.
 */
export type OpenSource = OpenGrid | OpenPoints;

interface Opened {
  readonly source: Source;
  /** Things worth saying once: duplicate inits dropped, metadata that disagree, … */
  readonly warnings: readonly string[];
  /** Gives back connections. */
  close?(): Promise<void>;
}

/** Fields and what they were made of. */
export interface Reading {
  readonly fields: Readonly<Record<string, Field>>;
  /** Version of every store chunk read: chunk id -> ETag, or size and time of a file. */
  readonly versions: ReadonlyMap<string, string>;
  /** Ids of chunks of which any value that was read is there; absent: not asked for, or one without may be meant so. */
  readonly filled?: ReadonlySet<string>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Where the values are put: they last as long as the unit. Absent: in fresh arrays. */
  readonly memory?: Workspace;
  /** Whether fields have their members beside their values (`Field.members`). */
  readonly members?: boolean;
  /** Whether it is to be told which chunks hold any value. */
  readonly tellFilled?: boolean;
}

export interface OpenGrid extends Opened {
  readonly kind: "grid";
  readonly grid: Grid;
  readonly times: TimeAxis;
  /** Pressure (hPa) or height of a variable that was picked from a vertical dimension, else null. */
  level(variable: string): number | null;
  /** Throws, naming the variable and those there are, where the store lacks one; or its unit is not known. */
  check(variables: readonly string[]): Promise<void>;
  /**
   * Versions of the chunks that `read` would read, chunk id -> version as `Reading.versions` has it, without reading
   * them. Absent: a source that cannot tell.
   */
  presence?(
    slot: Slot,
    variables: readonly string[],
    window: Window,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * One text for all that values at a slot rest on beside chunks: the grid and how the variables are stored. Another
   * one: another store under the same address. Absent: see `presence`.
   */
  identity?(variables: readonly string[], slot: Slot): string;
  /** How many members of a variable are read: 1 where the source has none, or takes one of them. */
  members(variable: string): number;
  /** @param members whether fields have their members beside their values */
  cost(slot: Slot, variables: readonly string[], window: Window, members?: boolean): Cost;
  read(slot: Slot, variables: readonly string[], window: Window, options: ReadOptions): Promise<Reading>;
}

/** Forecasts have runs, targets have times, climatologies have days and hours. */
export type TimeAxis = ForecastTimes | TargetTimes | ClimatologyTimes;

export interface ForecastTimes {
  readonly kind: "forecast";
  /** Refs with start <= valid time <= end, by init, then lead. Leads before 0 do not occur. */
  refs(start: number, end: number): Iterable<ChunkRef>;
  /** All leads of the source in milliseconds, ascending: what it never had is a gap, no failure. */
  readonly leads: readonly number[];
}

export interface TargetTimes {
  readonly kind: "target";
  /** Milliseconds UTC, ascending. */
  readonly times: readonly number[];
  slot(validTime: number): Slot | undefined;
}

export interface ClimatologyTimes {
  readonly kind: "climatology";
  /** The entry of the calendar day (day of year) and nearest hour (the earlier one half-way); undefined: none. */
  slot(validTime: number): Slot | undefined;
}

/** Stations and other lists of points. */
export interface OpenPoints extends Opened {
  readonly kind: "points";
  check(variables: readonly string[]): Promise<void>;
  /** An upper bound of what `select` holds, from metadata. */
  cost(start: number, end: number, variables: readonly string[]): Cost;
  /** The reports of a case at points inside its region, read once; kept by the caller for as long as the case lasts. */
  select(
    inside: (latitude: number, longitude: number) => boolean,
    start: number,
    end: number,
    variables: readonly string[],
    options: ReadOptions,
  ): Promise<PointSelection>;
}

/** Points of a case in a fixed order (by station, latitude, longitude), and what they reported when. */
export interface PointSelection {
  readonly stations: readonly string[];
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly times: readonly number[];
  /** Fields over all points at a time, NaN where a point did not report; undefined: nobody did. */
  at(validTime: number): Readonly<Record<string, Field>> | undefined;
  readonly bytes: number;
  readonly versions: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}
