/** A forecast store on disk that is written step by step, as forecast systems do: Zarr 2, (init, lead, latitude, longitude). */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Source } from "../../../src/model/source.ts";

export const hour = 3_600_000;
export const firstInit = Date.UTC(2024, 0, 1);

const doubles = (values: readonly number[]) => new Uint8Array(Float64Array.from(values).buffer);

interface Shape {
  readonly inits: number;
  readonly leads?: number;
  readonly rows?: number;
  readonly columns?: number;
}

const arrays = ({ inits, leads = 3, rows = 4, columns = 6 }: Shape) => ({
  init: { dims: ["init"], shape: [inits], chunks: [1], units: "hours since 2024-01-01" },
  lead: { dims: ["lead"], shape: [leads], chunks: [leads], units: "hours" },
  latitude: { dims: ["latitude"], shape: [rows], chunks: [rows], units: "degrees_north" },
  longitude: { dims: ["longitude"], shape: [columns], chunks: [columns], units: "degrees_east" },
  t2m: {
    dims: ["init", "lead", "latitude", "longitude"],
    shape: [inits, leads, rows, columns],
    chunks: [1, 1, rows, 3],
    units: "K",
  },
});

export class GrowingStore {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }

  put(key: string, content: string | Uint8Array | object): void {
    const path = join(this.folder, key);
    mkdirSync(dirname(path), { recursive: true });
    const isPlain = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isPlain ? content : JSON.stringify(content));
  }

  remove(key: string): void {
    rmSync(join(this.folder, key), { recursive: true, force: true });
  }

  #documents(shape: Shape, only?: string): Record<string, object> {
    const documents: Record<string, object> = { ".zgroup": { zarr_format: 2 } };
    for (const [name, { dims, shape: lengths, chunks, units }] of Object.entries(arrays(shape))) {
      if (only !== undefined && name !== only) continue;
      const dtype = name === "t2m" ? "<f4" : "<f8";
      const more = { compressor: null, filters: null, order: "C", fill_value: "NaN" };
      documents[`${name}/.zarray`] = { zarr_format: 2, shape: lengths, chunks, dtype, ...more };
      documents[`${name}/.zattrs`] = { _ARRAY_DIMENSIONS: dims, units };
    }
    return documents;
  }

  /** The arrays' own metadata, of all or of one. */
  declare(shape: Shape, only?: string): void {
    for (const [key, document] of Object.entries(this.#documents(shape, only))) this.put(key, document);
  }

  consolidate(shape: Shape): void {
    this.put(".zmetadata", { zarr_consolidated_format: 1, metadata: this.#documents(shape) });
  }

  coordinates({ inits, leads = 3, rows = 4, columns = 6 }: Shape, from = 0): void {
    for (let i = from; i < inits; i++) this.putInit(i);
    this.put("lead/0", doubles(Array.from({ length: leads }, (_, i) => 6 * i)));
    this.put("latitude/0", doubles(Array.from({ length: rows }, (_, i) => 50 - i)));
    this.put("longitude/0", doubles(Array.from({ length: columns }, (_, i) => i)));
  }

  putInit(i: number, hours = 12 * i): void {
    this.put(`init/${i}`, doubles([hours]));
  }

  /** One lead of an init, of both halves of the grid, or of one. */
  putLead(init: number, lead: number, { value = 280, halves = [0, 1], rows = 4, at = 0 } = {}): void {
    for (const half of halves) {
      const key = `t2m/${init}.${lead}.0.${half}`;
      this.put(key, new Uint8Array(new Float32Array(rows * 3).fill(value).buffer));
      if (at > 0) utimesSync(join(this.folder, key), at / 1000, at / 1000);
    }
  }

  /** All of an init. */
  putRun(init: number, { leads = 3, ...more }: { leads?: number; value?: number; at?: number } = {}): void {
    for (let lead = 0; lead < leads; lead++) this.putLead(init, lead, more);
  }

  /** A whole store. */
  write(shape: Shape): void {
    this.declare(shape);
    this.coordinates(shape);
    for (let i = 0; i < shape.inits; i++) this.putRun(i, { leads: shape.leads ?? 3 });
  }
}

export const forecastSource = (address: string, more: Partial<Source> = {}): Source => ({
  role: "forecast",
  name: "fc",
  format: "zarr",
  address,
  variables: { surface_air_temperature: "K" },
  mapping: { surface_air_temperature: "t2m" },
  ...more,
});
