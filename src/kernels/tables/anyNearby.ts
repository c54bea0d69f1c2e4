import { FORECAST, MISSING, TARGET } from "../spatial/windowSums.ts";

/** A window of (2 `up` + 1) rows and (2 `aside` + 1) columns around a place. */
export interface Around {
  readonly up: number;
  readonly aside: number;
  /** Whether the columns go around the globe: the first lies beside the last. */
  readonly wraps: boolean;
}

/**
 * Codes of whether any place of the window centred on a place of the grid has an event: of the forecast (FORECAST), of
 * the target (TARGET); MISSING stays. A place where one side is missing may have an event of the other for its
 * neighbours. The window is cut at the border. By counts that go along with the window, first of the events in each of
 * its rows, then of its rows that have one, so the size of the window costs nothing.
 */
export const anyNearby = (
  codes: Uint8Array,
  rows: number,
  columns: number,
  { up, aside, wraps }: Around,
): Uint8Array => {
  const inRow = rowsNearby(codes, rows, columns, aside, wraps);
  const near = new Uint8Array(rows * columns);
  const forecasts = new Int32Array(columns);
  const targets = new Int32Array(columns);
  for (let row = -up; row < rows; row++) {
    if (row + up < rows) count(inRow, (row + up) * columns, 1, forecasts, targets);
    if (row > up) count(inRow, (row - up - 1) * columns, -1, forecasts, targets);
    if (row < 0) continue;
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      near[start + column] =
        (codes[start + column]! & MISSING) |
        (forecasts[column]! > 0 ? FORECAST : 0) |
        (targets[column]! > 0 ? TARGET : 0);
    }
  }
  return near;
};

/** Adds a row to the counts of columns, or takes it away. */
const count = (
  inRow: Uint8Array,
  start: number,
  by: 1 | -1,
  forecasts: Int32Array,
  targets: Int32Array,
): void => {
  for (let column = 0; column < forecasts.length; column++) {
    const code = inRow[start + column]!;
    forecasts[column]! += code & FORECAST ? by : 0;
    targets[column]! += code & TARGET ? by : 0;
  }
};

/** The same of windows of one row. */
const rowsNearby = (
  codes: Uint8Array,
  rows: number,
  columns: number,
  aside: number,
  wraps: boolean,
): Uint8Array => {
  // A window as wide as the row holds what the row holds.
  const beside = Math.min(aside, columns);
  const line = new Uint8Array(columns + 2 * beside);
  const near = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    line.set(codes.subarray(start, start + columns), beside);
    if (wraps) {
      line.copyWithin(0, columns, columns + beside);
      line.copyWithin(beside + columns, beside, 2 * beside);
    }
    let [forecasts, targets] = [0, 0];
    for (let i = 0; i < columns + 2 * beside; i++) {
      const next = line[i]!;
      forecasts += next & FORECAST;
      targets += next & TARGET;
      const column = i - 2 * beside;
      if (column < 0) continue;
      near[start + column] = (forecasts > 0 ? FORECAST : 0) | (targets > 0 ? TARGET : 0);
      const last = line[column]!;
      forecasts -= last & FORECAST;
      targets -= last & TARGET;
    }
  }
  return near;
};
