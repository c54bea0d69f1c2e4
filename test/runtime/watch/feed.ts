/**
 * A forecast system on disk: Zarr v2 stores of raw chunks that grow as inits and analyses arrive. A chunk is one init
 * and lead, or one valid time; metadata are written last, by rename, as careful systems do, or left stale.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const hour = 3_600_000;
export const latitude = [50, 49, 48, 47];
export const longitude = [5, 6, 7, 8, 9];
const size = latitude.length * longitude.length;

const write = (path: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, bytes);
  renameSync(`${path}.tmp`, path);
};

const array = (shape: readonly number[], chunks: readonly number[], dtype: string) => ({
  zarr_format: 2,
  shape,
  chunks,
  dtype,
  compressor: null,
  fill_value: dtype === "<f4" ? "NaN" : null,
  filters: null,
  order: "C",
});

/** One array of data and its coordinates, all of one store. */
class Feed {
  readonly folder: string;
  readonly #variable: string;

  constructor(folder: string, variable: string) {
    this.folder = folder;
    this.#variable = variable;
  }

  chunk(key: string, values: Float32Array): void {
    write(join(this.folder, this.#variable, key), new Uint8Array(values.buffer));
  }

  removeChunk(key: string): void {
    rmSync(join(this.folder, this.#variable, key), { force: true });
  }

  metadata(axes: Readonly<Record<string, { values: readonly number[]; units?: string }>>): void {
    const dims = Object.keys(axes);
    const shape = dims.map((dim) => axes[dim]!.values.length);
    const chunks = dims.map((dim, i) => (dim === "latitude" || dim === "longitude" ? shape[i]! : 1));
    const documents: Record<string, unknown> = {
      ".zgroup": { zarr_format: 2 },
      [`${this.#variable}/.zarray`]: array(shape, chunks, "<f4"),
      [`${this.#variable}/.zattrs`]: { _ARRAY_DIMENSIONS: dims, units: "K" },
    };
    for (const [dim, { values, units }] of Object.entries(axes)) {
      documents[`${dim}/.zarray`] = array([values.length], [Math.max(1, values.length)], "<f8");
      documents[`${dim}/.zattrs`] = { _ARRAY_DIMENSIONS: [dim], ...(units === undefined ? {} : { units }) };
      write(join(this.folder, dim, "0"), new Uint8Array(Float64Array.from(values).buffer));
    }
    for (const [name, document] of Object.entries(documents)) {
      write(join(this.folder, name), JSON.stringify(document));
    }
    write(
      join(this.folder, ".zmetadata"),
      JSON.stringify({ zarr_consolidated_format: 1, metadata: documents }),
    );
  }
}

const grid = {
  latitude: { values: latitude, units: "degrees_north" },
  longitude: { values: longitude, units: "degrees_east" },
};
const since = "hours since 1970-01-01";

export const values = (base: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => base + Math.sin(i + base) * 3);

export interface ForecastFeed {
  /** Writes one init and lead; its init is on the axis once `show` is called. */
  put(initTime: number, lead: number, values: Float32Array): void;
  remove(initTime: number, lead: number): void;
  /** Writes the axes: all inits put so far, and those of `more`. */
  show(more?: readonly number[]): void;
}

export const forecastFeed = (folder: string, leads: readonly number[]): ForecastFeed => {
  const feed = new Feed(folder, "2m_temperature");
  const inits: number[] = [];
  const indexOf = (initTime: number): number => {
    if (!inits.includes(initTime)) inits.push(initTime);
    return inits.indexOf(initTime);
  };
  const key = (initTime: number, lead: number) => `${indexOf(initTime)}.${leads.indexOf(lead)}.0.0`;
  return {
    put: (initTime, lead, values) => feed.chunk(key(initTime, lead), values),
    remove: (initTime, lead) => feed.removeChunk(key(initTime, lead)),
    show(more = []) {
      for (const init of more) indexOf(init);
      feed.metadata({
        time: { values: inits.map((time) => time / hour), units: since },
        prediction_timedelta: { values: leads, units: "hours" },
        ...grid,
      });
    },
  };
};

export interface TargetFeed {
  put(validTime: number, values: Float32Array): void;
  /** Writes the axis: all times put so far. */
  show(): void;
}

export const targetFeed = (folder: string): TargetFeed => {
  const feed = new Feed(folder, "2m_temperature");
  const times: number[] = [];
  return {
    put(validTime, values) {
      if (!times.includes(validTime)) times.push(validTime);
      feed.chunk(`${times.indexOf(validTime)}.0.0`, values);
    },
    show: () => feed.metadata({ time: { values: times.map((time) => time / hour), units: since }, ...grid }),
  };
};
