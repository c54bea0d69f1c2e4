import { describe, expect, test } from "vitest";
import { insideShape, type Ring } from "../../src/kernels/polygon.ts";

const polygon = (...coordinates: Ring[]) => insideShape({ type: "Polygon", coordinates });
const triangle: Ring = [
  [0, 0],
  [10, 0],
  [0, 10],
];

describe("a polygon", () => {
  test("holds what lies between its sides, and its edge", () => {
    const inside = polygon(triangle);
    expect(inside(2, 2)).toBe(true);
    expect(inside(6, 6)).toBe(false);
    expect(inside(5, 5)).toBe(true);
    expect(inside(0, 0)).toBe(true);
    expect(inside(0, 10.000001)).toBe(false);
    expect(inside(-0.1, 5)).toBe(false);
  });
  test("is the same closed or not, in either direction, from any corner", () => {
    const variants: Ring[] = [
      [...triangle, triangle[0]!],
      [...triangle].reverse(),
      [triangle[1]!, triangle[2]!, triangle[0]!],
      triangle.map(([x, y]) => [x + 360, y] as const),
    ];
    for (const ring of variants) {
      for (let y = -1; y <= 11; y++) {
        for (let x = -1; x <= 11; x++) {
          const wanted = x >= 0 && y >= 0 && x + y <= 10;
          expect([x, y, polygon(ring)(y, x), polygon(ring)(y, x - 360)]).toEqual([x, y, wanted, wanted]);
        }
      }
    }
  });
  test("crosses the antimeridian the shorter way", () => {
    const inside = polygon([
      [170, -10],
      [-170, -10],
      [-170, 10],
      [170, 10],
    ]);
    for (const longitude of [175, 180, -180, -175, 185]) expect(inside(0, longitude)).toBe(true);
    for (const longitude of [0, 165, -165, 195]) expect(inside(0, longitude)).toBe(false);
  });
  test("round the globe holds the nearer pole", () => {
    const ring: Ring = [
      [0, 60],
      [90, 70],
      [180, 60],
      [270, 70],
    ];
    const north = polygon(ring);
    const south = polygon(ring.map(([x, y]) => [x, -y] as const).reverse());
    for (const longitude of [-170, -90, 0, 45, 100, 359]) {
      expect(north(80, longitude)).toBe(true);
      expect(north(90, longitude)).toBe(true);
      expect(north(50, longitude)).toBe(false);
      expect(south(-80, longitude)).toBe(true);
      expect(south(80, longitude)).toBe(false);
    }
    expect(north(65.1, 45)).toBe(true);
    expect(north(64.9, 45)).toBe(false);
  });
  test("has holes, whose edges are inside", () => {
    const inside = polygon(
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
      ],
      [
        [4, 4],
        [6, 4],
        [6, 6],
        [4, 6],
      ],
    );
    expect(inside(5, 5)).toBe(false);
    expect(inside(4, 5)).toBe(true);
    expect(inside(3, 5)).toBe(true);
  });
  test("as a box is the box", () => {
    const box = insideShape({ south: -10, north: 20, west: 350, east: 30 });
    const ring = polygon([
      [350, -10],
      [30, -10],
      [30, 20],
      [350, 20],
    ]);
    for (let y = -15; y <= 25; y += 2.5) {
      for (let x = -20; x <= 40; x += 2.5) expect([y, x, ring(y, x)]).toEqual([y, x, box(y, x)]);
    }
  });
});

test("several polygons", () => {
  const inside = insideShape({
    type: "MultiPolygon",
    coordinates: [
      [triangle],
      [
        [
          [20, 0],
          [30, 0],
          [20, 10],
        ],
      ],
    ],
  });
  expect([inside(1, 1), inside(1, 21), inside(1, 15)]).toEqual([true, true, false]);
});
