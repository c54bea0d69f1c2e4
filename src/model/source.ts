import type { Derivation } from "./derivation.ts";
import type { Field } from "./field.ts";
import type { Variables } from "./units.ts";
import type { Patience } from "./watching.ts";

export type Role = "forecast" | "target" | "climatology";

/**
 * How a variable is stored. `name` is the array in the store (without it the usual names are tried); `unit` states the unit where the store has none;
 * `at` picks one coordinate value of further dimensions, e.g. `{ level: 850 }` (hPa) or `{ quantile: 0.85 }`.
 */
export interface StoredVariable {
  readonly name?: string;
  readonly unit?: string;
  readonly at?: Readonly<Record<string, number>>;
}

/** What a `preprocess` hook is told of the fields it gets: all of one time on one window. */
export interface FieldPlace {
  readonly source: string;
  readonly validTime: number;
  readonly initTime?: number;
  /** Degrees; one value a row, one value a column (a grid) or one of each a point (a list of points). */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
}

export type Preprocess = (
  fields: Readonly<Record<string, Field>>,
  place: FieldPlace,
) => Readonly<Record<string, Field>>;

/** A labelled array in memory: nested or flat numbers, row-major, with coordinate values by dimension. */
export interface MemoryArray {
  readonly dims: readonly string[];
  readonly coords: Readonly<Record<string, readonly number[] | readonly string[]>>;
  readonly data: Float32Array | Float64Array | readonly unknown[];
  readonly dtype?: "float32" | "float64";
}

/**
 * A plain description of where chunks come from; nothing is opened until a run does it. `V` maps what it gives
 * to canonical units. Made by the catalogue's functions, extended by `derive`.
 */
export interface Source<V extends Variables = Variables> {
  readonly role: Role;
  readonly name: string;
  readonly format: "zarr" | "stations" | "memory";
  /** A folder, a file, `https://…` or `gs://…`; for `memory` any text that names it. */
  readonly address: string;
  readonly variables: V;
  /** Variable -> how it is stored, before CF `standard_name` and the usual short names are tried. */
  readonly mapping?: Readonly<Record<string, string | StoredVariable>>;
  /** An absent chunk is missing, unless the store is known to leave out chunks that hold only the fill value. */
  readonly absent?: "missing" | "fill";
  /** How long what lacks is waited for where inputs still arrive (`ewb watch`), as far as it is not as usual. */
  readonly patience?: Partial<Patience>;
  /** What a member dimension becomes: the mean of the members present (default), or the member of that number. */
  readonly member?: "mean" | number;
  readonly preprocess?: Preprocess;
  readonly derivations?: readonly Derivation<any, any>[];
  readonly arrays?: Readonly<Record<string, MemoryArray>>;
}

/** The variables a source can give. */
export type VariablesOf<S> = S extends Source<infer V> ? V : never;
