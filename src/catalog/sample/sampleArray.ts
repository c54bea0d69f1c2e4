/** The arrays that the sample's stores are made of: fields of temperature and their coordinates. */
import { type SampleGrid, sampleStart } from "./grids.ts";

export interface SampleArray {
  readonly name: string;
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: "float32" | "float64" | "int64";
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly fill: number | null;
  chunk(coords: readonly number[]): Float32Array | Float64Array | BigInt64Array;
}

/** A temperature field with dimensions before its places. */
export const field = (
  lengths: readonly number[],
  dims: readonly string[],
  chunks: readonly number[],
  { latitude, longitude }: SampleGrid,
  chunk: SampleArray["chunk"],
): SampleArray => ({
  name: "2m_temperature",
  dims: [...dims, "latitude", "longitude"],
  shape: [...lengths, latitude.length, longitude.length],
  chunks: [...chunks, latitude.length, longitude.length],
  dtype: "float32",
  attributes: { units: "K", standard_name: "air_temperature", long_name: "2 metre temperature" },
  fill: Number.NaN,
  chunk: (coords) => chunk(coords),
});

/** Latitude and longitude; `circle`: longitudes 0..360. */
export const axes = ({ latitude, longitude }: SampleGrid, circle: boolean): SampleArray[] => [
  coordinate("latitude", latitude, { units: "degrees_north", standard_name: "latitude" }),
  coordinate("longitude", circle ? longitude.map((x) => (x < 0 ? x + 360 : x)) : longitude, {
    units: "degrees_east",
    standard_name: "longitude",
  }),
];

/** Hours of the sample as times. */
export const instants = (name: string, hours: readonly number[]): SampleArray => {
  const epoch = sampleStart / 3_600_000 - Date.UTC(1959, 0, 1) / 3_600_000;
  return integers(
    name,
    hours.map((hour) => epoch + hour),
    { units: "hours since 1959-01-01 00:00:00", calendar: "proleptic_gregorian", standard_name: "time" },
  );
};

export const integers = (name: string, values: readonly number[], attributes: Record<string, string>) =>
  coordinate(name, BigInt64Array.from(values, BigInt), attributes);

// No fill value: with the usual 0, readers take hour 0 and lead 0 for missing.
export const coordinate = (
  name: string,
  values: Float64Array | BigInt64Array,
  attributes: Readonly<Record<string, string>>,
): SampleArray => ({
  name,
  dims: [name],
  shape: [values.length],
  chunks: [values.length],
  dtype: values instanceof Float64Array ? "float64" : "int64",
  attributes,
  fill: null,
  chunk: () => values,
});
