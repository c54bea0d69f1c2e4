/**
 * A forecast system on disk: Zarr v2 stores of raw chunks that grow as inits and analyses arrive. A chunk is one init
 * and lead (and member), or one valid time; metadata are written last, by rename, as careful systems do, or left stale.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const hour = 3_600_000;
export const latitude = [50, 49, 48, 47];
export const longitude = [5, 6, 7, 8, 9];
const size = latitude.length * longitude.length;

interface FeedOptions {
  /** Whether nobody reads while it writes: it writes faster. */
  readonly alone?: boolean;
}

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
  readonly #alone: boolean;

  constructor(folder: string, variable: string, { alone = false }: FeedOptions) {
    this.folder = folder;
    this.#variable = variable;
    this.#alone = alone;
  }

  #write(key: string, bytes: Uint8Array | string): void {
    const path = join(this.folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(this.#alone ? path : `${path}.tmp`, bytes);
    if (!this.#alone) renameSync(`${path}.tmp`, path);
  }

  /** @param part share of its bytes that are written yet */
  chunk(key: string, values: Float32Array, part = 1): void {
    const bytes = new Uint8Array(values.buffer);
    this.#write(`${this.#variable}/${key}`, bytes.subarray(0, Math.floor(part * bytes.length)));
  }

  removeChunk(key: string): void {
    rmSync(join(this.folder, this.#variable, key), { force: true });
  }

  /** @param stale whether the consolidated metadata stay what they were */
  metadata(
    axes: Readonly<Record<string, { values: readonly number[]; units?: string }>>,
    stale = false,
  ): void {
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
      this.#write(`${dim}/0`, new Uint8Array(Float64Array.from(values).buffer));
    }
    for (const [name, document] of Object.entries(documents)) this.#write(name, JSON.stringify(document));
    if (!stale)
      this.#write(".zmetadata", JSON.stringify({ zarr_consolidated_format: 1, metadata: documents }));
  }
}

const grid = {
  latitude: { values: latitude, units: "degrees_north" },
  longitude: { values: longitude, units: "degrees_east" },
};
const since = "hours since 1970-01-01";

export const values = (base: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => base + Math.sin(i + base) * 3);

/** What is there before there is anything in it. */
export const blank = new Float32Array(size).fill(Number.NaN);

export interface ForecastFeed {
  /** Writes one init and lead, of a member where there are any; its init is on the axis once `show` is called. */
  put(initTime: number, lead: number, values: Float32Array, more?: { member?: number; part?: number }): void;
  remove(initTime: number, lead: number): void;
  /** Writes the axes: all inits put so far, and those of `more`; the consolidated metadata, too, unless they get stale. */
  show(more?: readonly number[], stale?: boolean): void;
}

export const forecastFeed = (
  folder: string,
  leads: readonly number[],
  { members = 0, ...options }: FeedOptions & { readonly members?: number } = {},
): ForecastFeed => {
  const feed = new Feed(folder, "2m_temperature", options);
  const inits: number[] = [];
  const indexOf = (initTime: number): number => {
    if (!inits.includes(initTime)) inits.push(initTime);
    return inits.indexOf(initTime);
  };
  const key = (initTime: number, lead: number, member: number) =>
    `${indexOf(initTime)}.${leads.indexOf(lead)}.${members > 0 ? `${member}.` : ""}0.0`;
  return {
    put: (initTime, lead, values, { member = 0, part } = {}) =>
      feed.chunk(key(initTime, lead, member), values, part),
    remove: (initTime, lead) => feed.removeChunk(key(initTime, lead, 0)),
    show(more = [], stale = false) {
      for (const init of more) indexOf(init);
      const axes = {
        time: { values: inits.map((time) => time / hour), units: since },
        prediction_timedelta: { values: leads, units: "hours" },
        ...(members > 0 ? { number: { values: Array.from({ length: members }, (_, i) => i) } } : {}),
        ...grid,
      };
      feed.metadata(axes, stale);
    },
  };
};

export interface TargetFeed {
  put(validTime: number, values: Float32Array): void;
  /** Writes the axis: all times put so far. */
  show(): void;
}

export const targetFeed = (folder: string, options: FeedOptions = {}): TargetFeed => {
  const feed = new Feed(folder, "2m_temperature", options);
  const times: number[] = [];
  return {
    put(validTime, values) {
      if (!times.includes(validTime)) times.push(validTime);
      feed.chunk(`${times.indexOf(validTime)}.0.0`, values);
    },
    show: () => feed.metadata({ time: { values: times.map((time) => time / hour), units: since }, ...grid }),
  };
};
