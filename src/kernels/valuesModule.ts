import { type WasmModule, wasmModule } from "./wasm/instance.ts";
import { code } from "./wasm/values.code.ts";

/**
 * What `assembly/values` exports. Addresses and counts are whole numbers of bytes and values; `fw` and the like are
 * bytes a value, 4 (float32) or 8 (float64).
 */
export interface ValuesExports {
  errors(f: number, o: number, fw: number, ow: number, columns: number, ...tile: Tiled): void;
  squares(f: number, o: number, fw: number, ow: number, ...tile: Tiled): void;
  means(
    f: number,
    o: number,
    c: number,
    fw: number,
    ow: number,
    cw: number,
    columns: number,
    ...tile: Tiled
  ): void;
  moments(
    x: number,
    y: number,
    c: number,
    xw: number,
    yw: number,
    cw: number,
    columns: number,
    ...tile: Tiled
  ): void;
  variance(f: number, o: number, fw: number, ow: number, columns: number, ...tile: Tiled): void;
  tables(...of: [...Compared, weighed: boolean, ...tile: Tiled]): void;
  exceedances(...of: [...Compared, turned: boolean, ...tile: Tiled]): void;
  values(v: number, vw: number, first: number, borders: number, count: number, total: number): void;
  scores(rows: number, many: number, stride: number, columns: number, count: number, out: number): void;
  vectorLength(u: number, v: number, uw: number, vw: number, count: number): void;
  spread(
    values: number,
    vw: number,
    width: number,
    left: number,
    right: number,
    beside: number,
    columns: number,
    upper: number,
    lower: number,
    below: number,
    rows: number,
    lines: number,
    made: number,
    out: number,
  ): void;
  rows(from: number, step: number, to: number, toStep: number, bytes: number, count: number): void;
  /** 1 where a value is infinite. */
  endless32(at: number, count: number): number;
  endless64(at: number, count: number): number;
  /** 1 where a value is infinite, 2 where one became missing, 3 for both. */
  decode32(at: number, count: number, ...markers: Marked): number;
  decode64(
    at: number,
    count: number,
    ...decoding: [
      ...Marked,
      packed: boolean,
      scale: number,
      offset: number,
      converted: boolean,
      multiply: number,
      divide: number,
      add: number,
    ]
  ): number;
}

/** Leaves of a tile, as `assembly/values/leaves.ts` says. */
export type Tiled = [first: number, borders: number, weights: number, count: number, total: number];
type Compared = [
  ...[f: number, o: number, fw: number, ow: number, columns: number],
  ...[edges: number, many: number],
];
type Marked = [markers: number, many: number, low: number, high: number];

export type ValuesModule = WasmModule<ValuesExports>;

/** The module of this thread; undefined where there is no SIMD. */
export const valuesModule: ValuesModule | undefined = wasmModule<ValuesExports>(code);
