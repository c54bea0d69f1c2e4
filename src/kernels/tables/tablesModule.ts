import { type WasmModule, wasmModule } from "../wasm/instance.ts";
import { code } from "../wasm/tables.code.ts";

/** What `assembly/tables` exports; `fw` and `ow` are bytes a value, 4 (float32) or 8 (float64). */
export interface TablesExports {
  /** Adds to int32 cells at `out` how often so many of rising edges of each side were reached. */
  categories(
    f: number,
    o: number,
    fw: number,
    ow: number,
    forecastEdges: number,
    targetEdges: number,
    edges: number,
    count: number,
    out: number,
  ): void;
  /** Adds `bit` to a byte a place where a value is at or above an edge (`below`: is not), `missing` where it is NaN. */
  mark(
    values: number,
    width: number,
    edge: number,
    below: number,
    bit: number,
    missing: number,
    count: number,
    codes: number,
  ): void;
  /** The same against a limit a place. */
  markBeyond(
    values: number,
    width: number,
    limits: number,
    limitWidth: number,
    strictly: number,
    below: number,
    bit: number,
    missing: number,
    count: number,
    codes: number,
  ): void;
}

export type TablesModule = WasmModule<TablesExports>;

/** The module of this thread; undefined where there is no SIMD. */
export const tablesModule: TablesModule | undefined = wasmModule<TablesExports>(code);
