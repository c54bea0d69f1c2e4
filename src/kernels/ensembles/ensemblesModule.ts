import { code } from "../wasm/ensembles.code.ts";
import { type WasmModule, wasmModule } from "../wasm/instance.ts";

/** What `assembly/ensembles` exports; `width`: bytes a value, 4 (float32) or 8 (float64). */
export interface EnsemblesExports {
  ranks(...arrays: [...Members, against: number, present: number, below: number, equal: number]): void;
  moments(...arrays: [...Members, counts: number, mean: number, variance: number]): void;
  crps(
    ...arrays: [
      ...Members,
      target: number,
      lowest: number,
      highest: number,
      least: number,
      under: number,
      over: number,
      spread: number,
    ]
  ): void;
}

export type Members = [members: number, width: number, many: number, places: number];

export type EnsemblesModule = WasmModule<EnsemblesExports>;

/** The module of this thread; undefined where there is no SIMD. */
export const ensemblesModule: EnsemblesModule | undefined = wasmModule<EnsemblesExports>(code);
