/** Rows of the grid of 0.25 degrees, each weighed by the cosine of its latitude. */
import type { Leaves } from "../src/kernels/leafTotal.ts";

const [rows, columns] = [721, 1440];

export const globeLeaves = (): Leaves => ({
  borders: Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns),
  weights: Float64Array.from({ length: rows }, (_, row) =>
    Math.max(0, Math.cos(((90 - row / 4) * Math.PI) / 180)),
  ),
  columns: undefined,
});
