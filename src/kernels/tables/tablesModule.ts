import { type WasmModule, wasmModule } from "../wasm/instance.ts";
import { code } from "../wasm/tables.code.ts";

/** What `assembly/tables` exports; `fw` and `ow` are bytes a value, 4 (float32) or 8 (float64). */
export interface TablesExports {
  /** Writes places present, hits, forecast events and target events to four int32 at `out`. */
  table(
    f: number,
    o: number,
    fw: number,
    ow: number,
    forecastThreshold: number,
    targetThreshold: number,
    count: number,
    out: number,
  ): void;
}

export type TablesModule = WasmModule<TablesExports>;

/** The module of this thread; undefined where there is no SIMD. */
export const tablesModule: TablesModule | undefined = wasmModule<TablesExports>(code);
