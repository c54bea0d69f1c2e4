import { code } from "../wasm/fractions.code.ts";
import { type WasmModule, wasmModule } from "../wasm/instance.ts";
import type { EventCells, WindowSums } from "./windowSums.ts";
import type { Windows } from "./windows.ts";

/** What `assembly/fractions` exports: addresses and counts in whole numbers. */
interface FractionsExports {
  sums(
    codes: number,
    columns: number,
    rows: number,
    someMissing: number,
    windows: number,
    count: number,
    ring: number,
    ringRows: number,
    stride: number,
    out: number,
  ): void;
}

/** The module of this thread; undefined where there is no SIMD. */
const fractions: WasmModule<FractionsExports> | undefined = wasmModule<FractionsExports>(code);

const WINDOW = 6;
const SUMS = 3;
const aligned = (bytes: number): number => (bytes + 15) & ~15;

/**
 * `tableWindowSums` of yes and no by SIMD, in tables of 16-bit counts, which may run over: the count of a window is
 * right as long as it fits itself. Of the tables only as many rows are kept as the highest window needs. Undefined
 * where there is no SIMD.
 */
export const countWindowSums = (
  { rows, columns, codes, someMissing }: EventCells,
  windows: readonly Windows[],
): WindowSums[] | undefined => {
  if (fractions === undefined) return undefined;
  const ringRows = Math.max(0, ...windows.map(({ size }) => size.rows)) + 1;
  // One column more than cells, and room to read four columns from the last; of missing cells half of it a row.
  const stride = aligned(4 * (columns + 1)) + 16;
  const codesBytes = aligned(codes.length + 16);
  const windowBytes = aligned(windows.length * WINDOW * 4);
  const outBytes = aligned(windows.length * SUMS * 8);
  const ringBytes = ringRows * stride * (someMissing ? 1.5 : 1) + 16;
  const { u8, i32, f64, base, run } = fractions.room(codesBytes + windowBytes + outBytes + ringBytes);
  const windowsAt = base + codesBytes;
  const outAt = windowsAt + windowBytes;
  const ringAt = outAt + outBytes;
  u8.set(codes, base);
  windows.forEach(({ size, rowStart, rowStop, columnStart, columnStop }, k) => {
    i32.set(
      [size.rows, size.columns, rowStart, rowStop, columnStart, columnStop],
      (windowsAt >> 2) + k * WINDOW,
    );
  });
  run.sums(
    base,
    columns,
    rows,
    someMissing ? 1 : 0,
    windowsAt,
    windows.length,
    ringAt,
    ringRows,
    stride,
    outAt,
  );
  return windows.map((_, k) => {
    const at = (outAt >> 3) + k * SUMS;
    return { count: f64[at]!, difference: f64[at + 1]!, size: f64[at + 2]! };
  });
};
