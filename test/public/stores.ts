/**
 * Stores of the layouts that the public ones have, on a grid of five degrees: Zarr v2 with consolidated metadata,
 * blosc (lz4, shuffle), one field a chunk, float32 latitude from north to south and longitude from 0 to 360,
 * integers for times and levels. As in the public stores the axes are longer than the data: most chunks are absent.
 */
import { blosc } from "./blosc.ts";

const hour = 3_600_000;
export const latitude = Float32Array.from({ length: 37 }, (_, i) => 90 - 5 * i);
export const longitude = Float32Array.from({ length: 72 }, (_, i) => 5 * i);
const cells = latitude.length * longitude.length;
const levels = [50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 850, 925, 1000];

/** Keys, without a slash before them, and bytes. */
export type Objects = Map<string, Uint8Array>;

export const era5Address = "gcp-public-data-arco-era5/ar/full_37-1h-0p25deg-chunk-1.zarr-v3";
export const hresAddress = "weatherbench2/datasets/hres/2016-2022-0012-1440x721.zarr";
export const climateAddress =
  "extremeweatherbench/datasets/surface_air_temperature_1990_2019_climatology.zarr";

/** Multiples of 1/8 K, so that float32 holds them and their differences exactly. */
export const truth = (time: number, row: number, column: number): number =>
  290 + ((row * 7 + column * 3 + (time / hour) * 5) % 160) / 8;

const field = (of: (row: number, column: number) => number): Float32Array =>
  Float32Array.from({ length: cells }, (_, i) => of(Math.floor(i / 72), i % 72));

interface Described {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: "<f4" | "<i8" | "<f8";
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly fill?: "NaN" | null;
}

/** A store as it is filled: descriptions first, then chunks, then `.zmetadata`. */
const store = (address: string, objects: Objects) => {
  const metadata: Record<string, unknown> = { ".zgroup": { zarr_format: 2 }, ".zattrs": {} };
  const put = (key: string, value: unknown) =>
    objects.set(`${address}/${key}`, Buffer.from(JSON.stringify(value)));
  return {
    array(name: string, { dims, shape, chunks, dtype, attributes = {}, fill = null }: Described) {
      metadata[`${name}/.zarray`] = {
        chunks,
        compressor: { blocksize: 0, clevel: 5, cname: "lz4", id: "blosc", shuffle: 1 },
        dtype,
        fill_value: fill,
        filters: null,
        order: "C",
        shape,
        zarr_format: 2,
      };
      metadata[`${name}/.zattrs`] = { ...attributes, _ARRAY_DIMENSIONS: dims };
    },
    chunk(name: string, coords: readonly number[], values: ArrayBufferView & { BYTES_PER_ELEMENT: number }) {
      objects.set(`${address}/${name}/${coords.join(".")}`, blosc(values, values.BYTES_PER_ELEMENT));
    },
    axis(name: string, values: Float32Array | BigInt64Array | Float64Array, attributes: object) {
      const dtype = values instanceof Float32Array ? "<f4" : values instanceof Float64Array ? "<f8" : "<i8";
      this.array(name, {
        dims: [name],
        shape: [values.length],
        chunks: [values.length],
        dtype,
        attributes: { ...attributes },
      });
      this.chunk(name, [0], values);
    },
    grid() {
      this.axis("latitude", latitude, { long_name: "latitude", units: "degrees_north" });
      this.axis("longitude", longitude, { long_name: "longitude", units: "degrees_east" });
    },
    close() {
      for (const [key, value] of Object.entries(metadata)) put(key, value);
      put(".zmetadata", { metadata, zarr_consolidated_format: 1 });
    },
  };
};

const places = ["latitude", "longitude"];
const temperature = { long_name: "2 metre temperature", short_name: "t2m", units: "K" };

/** Hours since 1900 up to 2050, of which only the hours from `start` to `end` are stored. */
export const putEra5 = (objects: Objects, start: number, end: number): void => {
  const epoch = Date.UTC(1900, 0, 1);
  const hours = (Date.UTC(2051, 0, 1) - epoch) / hour;
  const era5 = store(era5Address, objects);
  era5.axis(
    "time",
    BigInt64Array.from({ length: hours }, (_, i) => BigInt(i)),
    {
      calendar: "proleptic_gregorian",
      units: "hours since 1900-01-01",
    },
  );
  era5.axis("level", BigInt64Array.from([...levels, 1], BigInt), {});
  era5.grid();
  const surface = {
    dims: ["time", ...places],
    shape: [hours, 37, 72],
    chunks: [1, 37, 72],
    dtype: "<f4",
    fill: "NaN",
  } as const;
  era5.array("2m_temperature", { ...surface, attributes: temperature });
  era5.array("2m_dewpoint_temperature", { ...surface, attributes: { units: "K" } });
  era5.array("temperature", {
    dims: ["time", "level", ...places],
    shape: [hours, 14, 37, 72],
    chunks: [1, 14, 37, 72],
    dtype: "<f4",
    fill: "NaN",
    attributes: { long_name: "Temperature", short_name: "t", standard_name: "air_temperature", units: "K" },
  });
  era5.array("land_sea_mask", { dims: places, shape: [37, 72], chunks: [37, 72], dtype: "<f4", fill: "NaN" });
  for (let time = start; time <= end; time += hour) {
    const i = (time - epoch) / hour;
    era5.chunk(
      "2m_temperature",
      [i, 0, 0],
      field((row, column) => truth(time, row, column)),
    );
    const column = new Float32Array(14 * cells);
    for (const [level] of [...levels, 1].entries()) {
      column.set(
        field((row, x) => truth(time, row, x) - level),
        level * cells,
      );
    }
    era5.chunk("temperature", [i, 0, 0, 0], column);
  }
  era5.close();
};

export interface HresOptions {
  readonly start: number;
  readonly end: number;
  /** Unit of the lead times. */
  readonly leads: "hours" | "nanoseconds";
  /** Added to the truth, K, by lead in hours. */
  readonly error: (lead: number) => number;
}

/** Runs at 00 and 12 UTC of 2016 to 2022, leads to 240 h; stored are those that are valid from `start` to `end`. */
export const putHres = (objects: Objects, { start, end, leads, error }: HresOptions): void => {
  const epoch = Date.UTC(2016, 0, 1);
  const runs = (Date.UTC(2023, 0, 1) - epoch) / (12 * hour);
  const hres = store(hresAddress, objects);
  hres.axis(
    "time",
    BigInt64Array.from({ length: runs }, (_, i) => BigInt(12 * i)),
    {
      calendar: "proleptic_gregorian",
      units: "hours since 2016-01-01",
    },
  );
  const unit = leads === "hours" ? 1n : 3_600_000_000_000n;
  hres.axis(
    "prediction_timedelta",
    BigInt64Array.from({ length: 41 }, (_, i) => BigInt(6 * i) * unit),
    { units: leads },
  );
  hres.axis("level", BigInt64Array.from(levels, BigInt), {});
  hres.grid();
  const surface = {
    dims: ["time", "prediction_timedelta", ...places],
    shape: [runs, 41, 37, 72],
    chunks: [1, 1, 37, 72],
    dtype: "<f4",
    fill: "NaN",
  } as const;
  hres.array("2m_temperature", { ...surface, attributes: temperature });
  hres.array("10m_wind_speed", surface);
  hres.array("temperature", {
    dims: ["time", "prediction_timedelta", "level", ...places],
    shape: [runs, 41, 13, 37, 72],
    chunks: [1, 1, 13, 37, 72],
    dtype: "<f4",
    fill: "NaN",
    attributes: { units: "K" },
  });
  for (let run = 0; run < runs; run++) {
    for (let lead = 0; lead < 41; lead++) {
      const time = epoch + (12 * run + 6 * lead) * hour;
      if (time < start || time > end) continue;
      const wrong = error(6 * lead);
      hres.chunk(
        "2m_temperature",
        [run, lead, 0, 0],
        field((row, column) => truth(time, row, column) + wrong),
      );
      if (lead !== 4) continue;
      const column = new Float32Array(13 * cells);
      for (const [level] of levels.entries()) {
        column.set(
          field((row, x) => truth(time, row, x) - level + wrong),
          level * cells,
        );
      }
      hres.chunk("temperature", [run, lead, 0, 0, 0], column);
    }
  }
  hres.close();
};

/** Seven quantiles by day of the year and hour; stored is 0.85 of the days from `first` to `last`, 295 K everywhere. */
export const putClimate = (objects: Objects, first: number, last: number): void => {
  const climate = store(climateAddress, objects);
  climate.axis("quantile", Float64Array.of(0.1, 0.15, 0.25, 0.5, 0.75, 0.85, 0.9), {});
  climate.axis(
    "dayofyear",
    BigInt64Array.from({ length: 366 }, (_, i) => BigInt(i + 1)),
    {},
  );
  climate.axis("hour", BigInt64Array.of(0n, 6n, 12n, 18n), {});
  climate.grid();
  climate.array("2m_temperature", {
    dims: ["quantile", "dayofyear", "hour", ...places],
    shape: [7, 366, 4, 37, 72],
    chunks: [1, 1, 4, 37, 72],
    dtype: "<f4",
    fill: "NaN",
  });
  for (let day = first; day <= last; day++) {
    climate.chunk("2m_temperature", [5, day - 1, 0, 0, 0], new Float32Array(4 * cells).fill(295));
  }
  climate.close();
};
