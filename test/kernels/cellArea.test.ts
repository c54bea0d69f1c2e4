import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowWeights } from "../../src/kernels/cellArea.ts";
import { columnWidths } from "../../src/kernels/columnWidth.ts";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";

const latitude = Float64Array.from({ length: 181 }, (_, i) => 90 - i);

describe("rowWeights", () => {
  test("areas of a global grid add up to the sphere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.boolean(), (n, caps) => {
        const step = 180 / (caps ? n - 1 : n);
        const axis = Float64Array.from({ length: n }, (_, i) => -90 + (caps ? i : i + 0.5) * step);
        const total = rowWeights(axis, "area").reduce((sum, w) => sum + w, 0);
        expect(Math.abs(total - 2)).toBeLessThan(1e-12);
        expect(rowWeights(axis.slice().reverse(), "area")).toEqual(rowWeights(axis, "area").reverse());
      }),
    );
  });

  test("outer bounds mirror the inner ones and are cut at the poles", () => {
    const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
    expect([...rowWeights(Float64Array.of(10, 12, 16), "area")]).toEqual([
      sin(11) - sin(9),
      sin(14) - sin(11),
      sin(18) - sin(14),
    ]);
    expect(rowWeights(latitude, "area")[0]).toBe(1 - sin(89.5));
    expect([...rowWeights(Float64Array.of(42), "area")]).toEqual([1]);
    expect([...rowWeights(Float64Array.of(0, 60), "none")]).toEqual([1, 1]);
    expect(rowWeights(Float64Array.of(0, 60), "cosine")[1]).toBeCloseTo(0.5, 15);
  });
});

describe("columnWidths", () => {
  test("undefined where columns are alike, in any convention and rotation", () => {
    expect(columnWidths(Float64Array.from({ length: 360 }, (_, i) => i))).toBeUndefined();
    expect(columnWidths(Float64Array.of(170, 175, 180, -175, -170))).toBeUndefined();
    expect(
      columnWidths(Float64Array.from(Float32Array.from({ length: 9 }, (_, i) => 0.1 * i))),
    ).toBeUndefined();
    expect(columnWidths(Float64Array.of(5))).toBeUndefined();
  });
  test("half-way bounds, mirrored or shared round the globe", () => {
    expect([...columnWidths(Float64Array.of(0, 1, 3))!]).toEqual([1 / 1.5, 1, 2 / 1.5]);
    const round = columnWidths(Float64Array.of(0, 100, 220))!;
    expect(round.reduce((sum, w) => sum + w, 0)).toBeCloseTo(3, 12);
    expect(round[0]).toBeCloseTo((140 + 100) / 2 / 120, 12);
  });
});

describe("places", () => {
  test("a row weighs the same in every window of a grid", () => {
    const grid = { latitude, longitude: Float64Array.of(0, 1, 3, 4) };
    const cut = gridPlaces(grid, {
      rows: { start: 0, stop: 3 },
      columns: [
        { start: 2, stop: 4 },
        { start: 0, stop: 1 },
      ],
    });
    expect(cut.weights("area")).toEqual(rowWeights(latitude, "area").slice(0, 3));
    expect([...cut.longitude]).toEqual([3, 4, 0]);
    expect([...cut.leaves]).toEqual([0, 3, 6, 9]);
    expect([...cut.columnWeights!]).toEqual(
      [2, 3].map((i) => columnWidths(grid.longitude)![i]).concat(columnWidths(grid.longitude)![0]),
    );
  });
  test("weights and latitudes are those of the window's own rows", () => {
    const grid = { latitude, longitude: Float64Array.of(0, 1) };
    const cut = gridPlaces(grid, { rows: { start: 40, stop: 43 }, columns: [{ start: 0, stop: 2 }] });
    expect([...cut.latitude]).toEqual([50, 49, 48]);
    expect(cut.weights("area")).toEqual(rowWeights(latitude, "area").slice(40, 43));
    expect(cut.columnWeights).toBeUndefined();
  });
  test("points come in blocks of 4,096", () => {
    const points = pointPlaces(new Float64Array(9000), new Float64Array(9000));
    expect([...points.leaves]).toEqual([0, 4096, 8192, 9000]);
    expect([...points.weights("area")]).toEqual([1, 1, 1]);
    expect([...pointPlaces(new Float64Array(0), new Float64Array(0)).leaves]).toEqual([0]);
  });
});
