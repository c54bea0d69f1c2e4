/** Components, distances, centres and matches against plain ways and drawn fields. */
import { describe, expect, test } from "vitest";
import { planeCentre, sphereCentre } from "../../../src/kernels/spatial/centre.ts";
import { components } from "../../../src/kernels/spatial/components.ts";
import { markEvents } from "../../../src/kernels/spatial/markEvents.ts";
import { matchObjects } from "../../../src/kernels/spatial/matchObjects.ts";
import { nearestEvent } from "../../../src/kernels/spatial/nearestEvent.ts";
import { type FieldObject, objectsOf } from "../../../src/kernels/spatial/objects.ts";
import { random, whole } from "../../../src/testing/random.ts";

const drawn = (...rows: readonly string[]): Uint8Array =>
  Uint8Array.from(rows.join(""), (cell) => (cell === "#" ? 1 : 0));

describe("components", () => {
  const field = drawn("#..#.", ".#..#", "....#", "#....");
  const labels = (neighbours: 4 | 8, wraps: boolean) =>
    [...components(field, 4, 5, { neighbours, wraps }).labels].join("");

  test("by side, by corner, across the seam", () => {
    expect(labels(4, false)).toBe("10020" + "03004" + "00004" + "50000");
    expect(labels(8, false)).toBe("10020" + "01002" + "00002" + "30000");
    expect(labels(4, true)).toBe("10020" + "03004" + "00004" + "50000");
    expect(labels(8, true)).toBe("10010" + "01001" + "00001" + "10000");
  });

  test("arms that meet late are one", () => {
    const arms = drawn("#.#.#", "#.#.#", "#####");
    expect(components(arms, 3, 5, { neighbours: 4, wraps: false }).count).toBe(1);
  });
});

test("nearestEvent is the smallest distance to any event", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const next = random(seed);
    const [rows, columns] = [whole(next, 1, 12), whole(next, 1, 12)];
    const share = next() * 0.3;
    const marked = Uint8Array.from({ length: rows * columns }, () => (next() < share ? 1 : 0));
    for (const wraps of [false, true]) {
      const wanted = Array.from({ length: rows * columns }, (_, cell) => {
        let least = Number.POSITIVE_INFINITY;
        for (let other = 0; other < marked.length; other++) {
          if (marked[other] === 0) continue;
          const down = Math.floor(cell / columns) - Math.floor(other / columns);
          const across = Math.abs((cell % columns) - (other % columns));
          const short = wraps ? Math.min(across, columns - across) : across;
          least = Math.min(least, Math.sqrt(down * down + short * short));
        }
        return least;
      });
      expect([...nearestEvent(marked, rows, columns, wraps)], `seed ${seed}`).toEqual(wanted);
    }
  }
});

describe("markEvents", () => {
  const values = Float64Array.of(1, 2, 3, Number.NaN);
  const marked = (comparison: ">=" | ">" | "<=" | "<", threshold: number | Float64Array) => {
    const codes = new Uint8Array(4);
    markEvents(codes, values, comparison, threshold, 2, 4);
    return [...codes];
  };

  test("each comparison, missing apart", () => {
    expect(marked(">=", 2)).toEqual([0, 2, 2, 4]);
    expect(marked(">", 2)).toEqual([0, 0, 2, 4]);
    expect(marked("<=", 2)).toEqual([2, 2, 0, 4]);
    expect(marked("<", 2)).toEqual([2, 0, 0, 4]);
  });

  test("a threshold a cell, missing where that is", () => {
    expect(marked(">=", Float64Array.of(1, 3, Number.NaN, 0))).toEqual([2, 0, 4, 4]);
    expect(marked("<", Float64Array.of(1, 3, 9, 0))).toEqual([0, 2, 2, 4]);
  });
});

describe("centres", () => {
  const regional = {
    latitude: Float64Array.of(0, 10),
    offset: Float64Array.of(0, 10, 20),
    closed: false,
  };
  const globe = {
    latitude: Float64Array.of(0, 10),
    offset: Float64Array.of(0, 90, 180, 270),
    closed: true,
  };

  test("means of latitude and longitude; cells without weight, below 0 or missing take no part", () => {
    expect(planeCentre([1, 0, 1, Number.NaN, -5, 2], regional)).toEqual({ latitude: 5, east: 15 });
    expect(planeCentre([0, 0, -1, 0, 0, 0], regional)).toBeUndefined();
    expect(sphereCentre([0, 0, -1, 0, 0, 0], regional)).toBeUndefined();
  });

  test("across the seam", () => {
    expect(planeCentre([1, 0, 0, 1, 0, 0, 0, 0], globe)).toEqual({ latitude: 0, east: 315 });
    const { east } = sphereCentre([1, 0, 0, 1, 0, 0, 0, 0], globe)!;
    expect(east).toBeCloseTo(-45, 12);
    expect(sphereCentre([1, 0, 1, 0, 0, 0, 0, 0], globe)).toBeUndefined();
  });
});

describe("objects", () => {
  const globe = {
    latitude: Float64Array.of(0, 10),
    offset: Float64Array.of(0, 90, 180, 270),
    closed: true,
  };

  test("centroid, area, mean and largest, across the seam; small ones left out", () => {
    const marked = drawn("#..#", ".#..");
    const found = components(marked, 2, 4, { neighbours: 4, wraps: true });
    const values = [4, 0, 0, 8, 0, 5, 0, 0];
    const object = { latitude: 0, east: 315, area: 6, mean: 6, largest: 8, cells: 2 };
    expect(objectsOf(found, values, globe, [3, 2], [1, 1, 1, 1], 2)).toEqual([object]);
    expect(objectsOf(found, values, globe, [3, 2], [1, 1, 1, 1], 1)).toEqual([
      object,
      { latitude: 10, east: 90, area: 2, mean: 5, largest: 5, cells: 1 },
    ]);
  });

  test("matched one to one, the nearest first, within a distance", () => {
    const at = (east: number): FieldObject => ({ latitude: 0, east, area: 1, mean: 1, largest: 1, cells: 1 });
    const matches = matchObjects([at(0), at(3), at(40)], [at(2), at(50), at(359)], 500);
    expect(matches.map(({ forecast, target }) => [forecast.east, target.east])).toEqual([
      [3, 2],
      [0, 359],
    ]);
    expect(matchObjects([at(0), at(1)], [at(0.4)], 500).map(({ forecast }) => forecast.east)).toEqual([0]);
  });
});
