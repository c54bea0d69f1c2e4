import type { Case } from "./case.ts";
import type { ChunkRef } from "./chunk.ts";
import type { Field, Values } from "./field.ts";
import type { Grid, Span, Window } from "./grid.ts";
import type { Workspace } from "./memory.ts";
import type { Region } from "./region.ts";
import type { Source } from "./source.ts";
import type { Variables } from "./units.ts";

/**
 * How much a place counts. `area`: exact area of the cell. `cosine`: of the latitude. `none`: all alike. `density`: of
 * points one over the number of points within 100 km, itself among them, so that a dense network counts no more than a
 * thin one; of a grid as `area`.
 */
export type Weights = "area" | "cosine" | "none" | "density";

/**
 * Where the values of a pair lie. Values are cut into leaves (one row of a grid, or a block of at most 4,096
 * points): leaf i holds values[leaves[i]] up to values[leaves[i + 1]]. A leaf is summed in one fixed lane order;
 * leaf sums are added up in any order.
 */
export interface Places {
  readonly leaves: Uint32Array;
  /** Degrees, one a row and one a column (grid), or one of each a point. */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly kind: "grid" | "points";
  /** Weight of each leaf: exact cell area, cosine of latitude, or 1; points weigh 1. `density` of points: one a point. */
  weights(kind: Weights): Float64Array;
  /** Weight of each column where longitudes are not evenly spaced, else undefined. */
  readonly columnWeights: Float64Array | undefined;
  /** What points are called (stations), one a point; absent: they have no names. */
  readonly names?: readonly string[];
  /** What was computed of these places alone so far, so that it is computed once; absent: nothing is kept. */
  readonly computed?: Map<unknown, Map<string, unknown>>;
}

/** Names one quantile (or the only field) of a climatology; made by `climatologyQuantile`. */
export interface ClimatologyField<Unit extends string = string> {
  readonly kind: "climatology";
  readonly source: Source;
  readonly variable: string;
  readonly unit: Unit;
  /** Canonical text for the column `parameters`: name, quantile. */
  readonly text: string;
}

/**
 * Names another forecast that forecasts are measured against: `forecast`, of a source, of the same init and lead;
 * `persistence`, what the target was at the init time. Made by `otherForecast`, `persistence`, `namedReference`.
 */
export interface ReferenceForecast {
  readonly kind: "forecast" | "persistence";
  /** Of `forecast`; absent: whatever the pair knows by this name. */
  readonly source?: Source;
  /** What the column `reference` says. */
  readonly text: string;
}

/** One forecast and one target at one valid time, on the target's places. Seen by metrics only. */
export interface Pair<V extends Variables = Variables> {
  readonly event: Case;
  readonly initTime: number;
  readonly leadHours: number;
  readonly validTime: number;
  /** False for a ref that was asked for although the target lacks its valid time: all fields are missing. */
  readonly matched: boolean;
  readonly places: Places;
  readonly forecast: { readonly [N in keyof V]: Field<V[N]> };
  readonly target: { readonly [N in keyof V]: Field<V[N]> };
  /**
   * Where a reference is in the place of the forecast: the forecast itself, by which conditions on the forecast are
   * judged, so that both are scored over the same pairs. Absent: `forecast`.
   */
  readonly judgedBy?: { readonly [N in keyof V]: Field<V[N]> };
  /** A climatology's field on the same places; all missing where it has no entry for the day. */
  climatology(field: ClimatologyField): Field;
  /**
   * A variable of another forecast on the same places and in the same unit, with members where the forecast has them;
   * all missing where there is none for this init and lead. Absent: no metric asked for one (`needs.references`).
   */
  reference?(forecast: ReferenceForecast, variable: string): Field;
  /** What metrics computed of this pair so far, so that each statistic is computed once; absent: nothing is kept. */
  readonly computed?: Computed;
  /** The same of its target and climatologies alone, by what computes it and their values: pairs of a valid time share it. */
  readonly common?: Map<unknown, Map<Values, unknown>>;
}

/** By what computes it, and by its arguments as text. */
export interface Computed extends Map<unknown, Map<string, unknown>> {
  /** Arguments of what was asked of the pair before, and of what is asked of this one; absent: nobody looks. */
  readonly asked?: {
    readonly before: Map<unknown, Map<string, unknown>>;
    readonly now: Map<unknown, Map<string, unknown>>;
  };
}

/** Puts values on places, in arrays of `memory` where they are not there already. */
export type Put = (values: Values, memory?: Workspace) => Values;

/** How values are put on a part of the places, leaf by leaf. */
export interface Bands {
  /** Rows of the window that the places of one leaf need; `start` = `stop`: none. */
  rows(leaf: number): Span;
  /**
   * Puts values on a part of the window, which has all rows these leaves need, onto the places of the leaves: what
   * `put` gives there from the whole window, to the bit and in the same precision.
   */
  put(leaves: Span, part: Window): Put;
}

/**
 * How a region is cut out of a grid and how forecasts are put on the places of a target: pure functions, so that
 * another rule (the peer's, say) is another value and no operator asks which one it has.
 */
export interface Matching {
  /** Canonical text of the options, for the column `parameters`: `{ match: "bilinear" }`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The target's cells inside the region; undefined: none. */
  window(grid: Grid, region: Region): Window | undefined;
  /** Whether a point lies inside the region; degrees. */
  inside(region: Region): (latitude: number, longitude: number) => boolean;
  /** The forecast's cells needed to fill the region, neighbours included; undefined: it has none. */
  forecastWindow(grid: Grid, region: Region): Window | undefined;
  /** Puts values on a window of the forecast's grid onto places; values of places that are not covered are NaN. */
  put(grid: Grid, window: Window, places: Places): Put;
  /** The same for some of the places, so that a unit above the budget can be cut; absent: such a unit is refused. */
  bands?(grid: Grid, window: Window, places: Places): Bands;
}

/** What a `PairRef` belongs to: the same object for all refs of one call of `pairs`. */
export interface PairSet<V extends Variables = Variables> {
  readonly event: Case;
  readonly forecast: Source;
  readonly targets: readonly Source[];
  readonly variables: readonly (keyof V & string)[];
  /** Those of them that only one side has: quantiles or probabilities of the forecast, analyses of the target. */
  readonly only: { readonly forecast: readonly string[]; readonly target: readonly string[] };
  /** Canonical unit of each variable. */
  readonly units: V;
  readonly matching: Matching;
  /** Whether refs are given although a target lacks their valid time (`matched` is false in their pairs). */
  readonly unmatched: boolean;
}

/** The name of one forecast chunk and of all targets that have its valid time. No bytes. */
export interface PairRef<V extends Variables = Variables> {
  /** Milliseconds UTC. */
  readonly initTime: number;
  readonly validTime: number;
  readonly leadHours: number;
  readonly ref: ChunkRef;
  /** Names of the targets that have this valid time. */
  readonly targets: readonly string[];
  readonly set: PairSet<V>;
}
