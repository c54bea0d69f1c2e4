/** Sums over windows against counting every cell of every window; both ways to the same numbers. */
import { expect, test } from "vitest";
import { countWindowSums } from "../../../src/kernels/spatial/countWindowSums.ts";
import { extended } from "../../../src/kernels/spatial/extended.ts";
import { tableWindowSums, windowSums } from "../../../src/kernels/spatial/windowSums.ts";
import { type Border, extension, type WindowSize } from "../../../src/kernels/spatial/windows.ts";
import { random, whole } from "../../../src/testing/random.ts";

const sizes: readonly WindowSize[] = [
  { rows: 1, columns: 1 },
  { rows: 2, columns: 2 },
  { rows: 3, columns: 5 },
  { rows: 4, columns: 3 },
  { rows: 7, columns: 6 },
];

/** Where the windows of one size begin, and whether they wrap. */
const starts = (rows: number, columns: number, size: WindowSize, border: Border): [number, number][] => {
  const half = (n: number) => Math.floor(n / 2);
  const padded = border === "zeroPadded" || border === "zeroPaddedScores";
  const more = border === "zeroPaddedScores" ? 1 : 0;
  const made: [number, number][] = [];
  for (let row = -9; row < rows + 9; row++) {
    for (let column = -9; column < columns + 9; column++) {
      const isThere = padded
        ? row >= -half(size.rows) &&
          row < rows + more - half(size.rows) &&
          column >= -half(size.columns) &&
          column < columns + more - half(size.columns)
        : row >= 0 &&
          row + size.rows <= rows &&
          column >= 0 &&
          size.columns <= columns &&
          (border === "wrapLongitude" ? column < columns : column + size.columns <= columns);
      if (isThere) made.push([row, column]);
    }
  }
  return made;
};

const counted = (codes: Uint8Array, rows: number, columns: number, size: WindowSize, border: Border) => {
  let [count, difference, sum] = [0, 0, 0];
  for (const [row, column] of starts(rows, columns, size, border)) {
    let [f, o, m] = [0, 0, 0];
    for (let y = row; y < row + size.rows; y++) {
      for (let x = column; x < column + size.columns; x++) {
        const at = border === "wrapLongitude" ? x % columns : x;
        if (y < 0 || y >= rows || at < 0 || at >= columns) continue;
        const code = codes[y * columns + at]!;
        f += code & 1;
        o += (code >> 1) & 1;
        m += code >> 2;
      }
    }
    if (m > 0) continue;
    count += 1;
    difference += (f - o) * (f - o);
    sum += f * f + o * o;
  }
  return { count, difference, size: sum };
};

const cellsOf = (codes: Uint8Array, rows: number, columns: number, border: Border) => {
  const extent = extension({ rows, columns }, sizes, border);
  const cells = extended(codes, { rows, columns }, extent, border === "wrapLongitude");
  return {
    cells: {
      rows: extent.before.rows + rows + extent.after.rows,
      columns: extent.before.columns + columns + extent.after.columns,
      codes: cells,
      share: undefined,
      someMissing: codes.some((code) => code > 3),
    },
    windows: extent.windows,
  };
};

test("every border, size and gap: what counting gives", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = random(seed);
    const [rows, columns] = [whole(next, 1, 9), whole(next, 1, 29)];
    const gaps = seed % 2 === 0 ? 0.05 : 0;
    const codes = Uint8Array.from({ length: rows * columns }, () => (next() < gaps ? 4 : whole(next, 0, 3)));
    for (const border of ["inside", "wrapLongitude", "zeroPadded", "zeroPaddedScores"] as const) {
      const { cells, windows } = cellsOf(codes, rows, columns, border);
      const wanted = sizes.map((size) => counted(codes, rows, columns, size, border));
      expect(tableWindowSums(cells, windows), `${border} ${seed}`).toEqual(wanted);
      expect(countWindowSums(cells, windows), `${border} ${seed} by SIMD`).toEqual(wanted);
      const share = Float64Array.from(cells.codes, (code) => code & 1);
      expect(windowSums({ ...cells, share }, windows)).toEqual(wanted);
    }
  }
});

test("full fields larger than 16 bits count, in the largest windows that fit and beyond", () => {
  const [rows, columns] = [300, 400];
  const codes = new Uint8Array(rows * columns).fill(3).map((code, i) => (i % 7 === 0 ? 1 : code));
  for (const size of [
    { rows: 181, columns: 181 },
    { rows: 127, columns: 258 },
    { rows: 200, columns: 300 },
  ]) {
    const { windows } = extension({ rows, columns }, [size], "inside");
    for (const someMissing of [false, true]) {
      const cells = { rows, columns, codes, share: undefined, someMissing };
      expect(windowSums(cells, windows)).toEqual(tableWindowSums(cells, windows));
    }
  }
});
