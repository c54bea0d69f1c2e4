/**
 * Sources in code: plain descriptions with a name, an address and the variables they give. Nothing is opened
 * until a run does it.
 *
 * `variables` keeps its literal units in the type, so that a pipeline that asks for a variable the source lacks,
 * or in another unit, does not compile.
 */
import { EwbError } from "../model/errors.ts";
import type { MemoryArray, Preprocess, Role, Source, StoredVariable } from "../model/source.ts";
import type { Variables } from "../model/units.ts";
import { type PatienceText, readPatience } from "./patience.ts";

/** Variable -> its name in the store, or name, stored unit and the coordinate value picked. */
export type Mapping<V extends Variables> = { readonly [N in keyof V]?: string | StoredVariable };

interface Described<V extends Variables> {
  /** What result tables call it. */
  readonly name: string;
  /** Variable -> canonical unit. */
  readonly variables: V;
  readonly mapping?: Mapping<V>;
  readonly preprocess?: Preprocess;
}

interface InZarr {
  /** A folder, `https://…`, `gs://…`, `s3://…` or `az://…`. */
  readonly zarr: string;
  /** What an absent chunk is; default `"missing"`. */
  readonly absent?: "missing" | "fill";
}

export interface ForecastOptions<V extends Variables> extends Described<V>, InZarr, PatienceText {
  /** What a member dimension becomes; default `"mean"`. */
  readonly member?: "mean" | number;
}

export type TargetOptions<V extends Variables> = Described<V> &
  PatienceText &
  (
    | (InZarr & { readonly member?: "mean" | number; readonly stations?: never })
    | {
        /** A Parquet or CSV table: one line a station and time. */
        readonly stations: string;
        readonly zarr?: never;
      }
  );

export interface ClimatologyOptions<V extends Variables> extends Described<V>, InZarr {}

/**
 * Forecasts in a Zarr store: dimensions init time, lead time, latitude, longitude, and perhaps level and member.
 *
 * @throws `DataSet` where name or address is empty
 * @example
 * const mine = forecast({
 *   name: "my-model",
 *   zarr: "/data/my-model.zarr",
 *   variables: { surface_air_temperature: "K" },
 *   mapping: { surface_air_temperature: { name: "t2m", unit: "degC" } },
 * })
 */
export const forecast = <const V extends Variables>(options: ForecastOptions<V>): Source<V> =>
  zarrSource("forecast", options);

/**
 * What is taken for true: an analysis in a Zarr store (time, latitude, longitude), or stations in a table.
 *
 * @throws `DataSet` where name or address is empty
 * @example target({ name: "stations", stations: "stations.parquet", variables: { surface_air_temperature: "K" } })
 */
export const target = <const V extends Variables>(options: TargetOptions<V>): Source<V> =>
  options.stations === undefined
    ? zarrSource("target", options)
    : described("target", "stations", options.stations, options);

/**
 * A climatology in a Zarr store: day of year, hour, latitude, longitude, and perhaps quantile.
 *
 * @throws `DataSet` where name or address is empty
 * @example climatology({ name: "1990-2019", zarr: "climate.zarr", variables: { surface_air_temperature: "K" } })
 */
export const climatology = <const V extends Variables>(options: ClimatologyOptions<V>): Source<V> =>
  zarrSource("climatology", options);

export interface InMemoryOptions<V extends Variables> extends Described<V> {
  readonly role: Role;
  /** Array name -> labelled array; the names `mapping` says, else those of the variables. */
  readonly arrays: Readonly<Record<string, MemoryArray>>;
  readonly member?: "mean" | number;
}

/**
 * A source in memory, for tests and small experiments: the same rules as for a store.
 *
 * @throws `DataSet` where the name is empty
 * @example
 * inMemory({
 *   role: "target",
 *   name: "truth",
 *   variables: { surface_air_temperature: "K" },
 *   arrays: { surface_air_temperature: { dims: ["time", "latitude", "longitude"], coords, data } },
 * })
 */
export const inMemory = <const V extends Variables>(options: InMemoryOptions<V>): Source<V> => ({
  ...described(options.role, "memory", `memory:${options.name}`, options),
  arrays: options.arrays,
  ...(options.member === undefined ? {} : { member: options.member }),
});

const zarrSource = <V extends Variables>(
  role: Role,
  options: Described<V> & InZarr & PatienceText & { readonly member?: "mean" | number },
): Source<V> => ({
  ...described(role, "zarr", options.zarr, options),
  ...(options.absent === undefined ? {} : { absent: options.absent }),
  ...(options.member === undefined ? {} : { member: options.member }),
});

const described = <V extends Variables>(
  role: Role,
  format: Source["format"],
  address: string,
  { name, variables, mapping, preprocess, ...times }: Described<V> & PatienceText,
): Source<V> => {
  if (name.trim() === "") throw new EwbError("DataSet", `a ${role} at ${address} has no name; give it one`);
  if (address.trim() === "") throw new EwbError("DataSet", `the ${role} ${name} has no address; give it one`);
  const { patience, problems } = readPatience(times);
  if (problems.length > 0) throw new EwbError("DataSet", `the ${role} ${name}: ${problems.join("; ")}`);
  return {
    role,
    name,
    format,
    address,
    variables,
    ...(Object.keys(patience).length === 0 ? {} : { patience }),
    ...(mapping === undefined
      ? {}
      : { mapping: mapping as Readonly<Record<string, string | StoredVariable>> }),
    ...(preprocess === undefined ? {} : { preprocess }),
  };
};
