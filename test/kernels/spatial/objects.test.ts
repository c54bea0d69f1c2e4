/** Components, distances, centres and matches against plain ways and drawn fields. */
import { describe, expect, test } from "vitest";
import { haversine } from "../../../src/kernels/haversine.ts";
import { type CentreSum, planeCentre, sphereCentre } from "../../../src/kernels/spatial/centre.ts";
import { components } from "../../../src/kernels/spatial/components.ts";
import { eventDistances } from "../../../src/kernels/spatial/eventDistances.ts";
import { markEvents, scalarMark, simdMark } from "../../../src/kernels/spatial/markEvents.ts";
import { matchObjects } from "../../../src/kernels/spatial/matchObjects.ts";
import { type FieldObject, objectsOf } from "../../../src/kernels/spatial/objects.ts";
import { tablesModule } from "../../../src/kernels/tables/tablesModule.ts";
import { random, whole } from "../../../src/testing/random.ts";

/** Codes: # an event, ? one that is missing on the other side. */
const drawn = (...rows: readonly string[]): Uint8Array =>
  Uint8Array.from(rows.join(""), (cell) => (cell === "#" ? 1 : cell === "?" ? 5 : 0));

describe("components", () => {
  const field = drawn("#..#.", ".#..#", "...?#", "#....");
  /** The number of each cell's component, from 1 on. */
  const painted = (codes: Uint8Array, rows: number, columns: number, neighbours: 4 | 8, wraps: boolean) => {
    const { first, from, to, component } = components(codes, 1, rows, columns, { neighbours, wraps });
    const labels = new Int32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let k = first[row]!; k < first[row + 1]!; k++) {
        labels.fill(component[k]! + 1, row * columns + from[k]!, row * columns + to[k]!);
      }
    }
    return labels;
  };
  const labels = (neighbours: 4 | 8, wraps: boolean) => [...painted(field, 4, 5, neighbours, wraps)].join("");

  test("by side, by corner, across the seam", () => {
    expect(labels(4, false)).toBe("10020" + "03004" + "00004" + "50000");
    expect(labels(8, false)).toBe("10020" + "01002" + "00002" + "30000");
    expect(labels(4, true)).toBe("10020" + "03004" + "00004" + "50000");
    expect(labels(8, true)).toBe("10010" + "01001" + "00001" + "10000");
  });

  test("arms that meet late are one", () => {
    const arms = drawn("#.#.#", "#.#.#", "#####");
    expect(components(arms, 1, 3, 5, { neighbours: 4, wraps: false }).count).toBe(1);
  });

  test("what filling finds, on random fields", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const [rows, columns] = [whole(next, 1, 9), whole(next, 1, 11)];
      const share = next();
      const codes = Uint8Array.from({ length: rows * columns }, () =>
        next() < share ? whole(next, 1, 3) : whole(next, 0, 7),
      );
      for (const neighbours of [4, 8] as const) {
        for (const wraps of [false, true]) {
          const filled = new Int32Array(rows * columns);
          let count = 0;
          const fill = (row: number, column: number, label: number): void => {
            const at = row * columns + (wraps ? (column + columns) % columns : column);
            if (row < 0 || row >= rows || (!wraps && (column < 0 || column >= columns))) return;
            if (filled[at] !== 0 || (codes[at]! & 5) !== 1) return;
            filled[at] = label;
            for (let down = -1; down <= 1; down++) {
              for (let aside = -1; aside <= 1; aside++) {
                if (neighbours === 8 || down === 0 || aside === 0) {
                  fill(row + down, (at % columns) + aside, label);
                }
              }
            }
          };
          for (let at = 0; at < codes.length; at++) {
            if (filled[at] === 0 && (codes[at]! & 5) === 1)
              fill(Math.floor(at / columns), at % columns, ++count);
          }
          expect(painted(codes, rows, columns, neighbours, wraps), `seed ${seed}`).toEqual(filled);
        }
      }
    }
  });
});

test("eventDistances are the smallest distances to any event of the other side", () => {
  let seen = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const [rows, columns] = [whole(next, 1, 12), whole(next, 1, 12)];
    const share = next() * 0.3;
    const bit = (code: number): number => (next() < share ? code : 0);
    const codes = Uint8Array.from({ length: rows * columns }, () => bit(1) | bit(2) | bit(4));
    const cells = (side: number): number[] =>
      [...codes.keys()].filter((cell) => (codes[cell]! & (side | 4)) === side);
    for (const wraps of [false, true]) {
      const wanted = cells(1).map((cell) => {
        const squares = cells(2).map((other) => {
          const down = Math.floor(cell / columns) - Math.floor(other / columns);
          const across = Math.abs((cell % columns) - (other % columns));
          const short = wraps ? Math.min(across, columns - across) : across;
          return down * down + short * short;
        });
        return Math.sqrt(Math.min(...squares));
      });
      const isNone = cells(1).length === 0 || cells(2).length === 0;
      const got = eventDistances(codes, 1, 2, rows, columns, wraps);
      expect(got && [...got], `seed ${seed}`).toEqual(isNone ? undefined : wanted);
      if (!isNone) seen += wanted.length;
    }
  }
  expect(seen).toBeGreaterThan(1000);
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

  test("a threshold between numbers of float32 is not rounded", () => {
    const single = Float32Array.of(0.1, 0.3, Number.NaN);
    for (const [comparison, codes] of [
      [">=", [1, 1, 4]],
      ["<", [0, 0, 4]],
    ] as const) {
      // 0.1 as float32 lies above 0.1, 0.3 as well.
      const got = new Uint8Array(3);
      markEvents(got, single, comparison, 0.1, 1, 4);
      expect([...got]).toEqual(codes);
    }
    const got = new Uint8Array(3);
    markEvents(got, single, "<=", 0.3, 1, 4);
    expect([...got]).toEqual([1, 0, 4]);
  });

  test("SIMD and scalar mark the same, beside what was there", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5, 5, -0];
      const list = Array.from({ length: seed === 60 ? 40_001 : whole(next, 0, 70) }, () =>
        next() < 0.4 ? odd[whole(next, 0, odd.length - 1)]! : next() * 10,
      );
      const before = Uint8Array.from(list, () => (next() < 0.2 ? 2 : 0));
      for (const values of [Float32Array.from(list), Float64Array.from(list)]) {
        const limits = list.map((_, k) => (next() < 0.3 ? values[k]! : (odd[k % 9] ?? 5)));
        const fields = [Float32Array.from(limits), Float64Array.from(limits)];
        for (const edge of [5, 0, Number.POSITIVE_INFINITY, Number.NaN, ...fields]) {
          for (const [strictly, below] of [false, true].flatMap((a) => [false, true].map((b) => [a, b]))) {
            const isStrict = strictly! && typeof edge !== "number";
            const [simd, scalar] = [before.slice(), before.slice()];
            simdMark(tablesModule!)(simd, values, edge, isStrict, below!, 1, 4);
            scalarMark(scalar, values, edge, isStrict, below!, 1, 4);
            expect(Buffer.compare(simd, scalar), `seed ${seed}`).toBe(0);
          }
        }
      }
    }
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

  const centreOf = (sum: CentreSum, ...rows: readonly (readonly number[])[]) => {
    for (const [row, weights] of rows.entries()) sum.add(row, Float64Array.from(weights));
    return sum.centre();
  };

  test("means of latitude and longitude; none without weight", () => {
    expect(centreOf(planeCentre(regional), [1, 0, 1], [0, 0, 2])).toEqual({ latitude: 5, east: 15 });
    expect(centreOf(planeCentre(regional), [0, 0, 0], [0, 0, 0])).toBeUndefined();
    expect(centreOf(sphereCentre(regional), [0, 0, 0], [0, 0, 0])).toBeUndefined();
  });

  test("across the seam", () => {
    expect(centreOf(planeCentre(globe), [1, 0, 0, 1])).toEqual({ latitude: 0, east: 315 });
    const { east } = centreOf(sphereCentre(globe), [1, 0, 0, 1])!;
    expect(east).toBeCloseTo(-45, 12);
    expect(centreOf(sphereCentre(globe), [1, 0, 1, 0])).toBeUndefined();
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
    const found = components(marked, 1, 2, 4, { neighbours: 4, wraps: true });
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

  test("no pair is forgotten: what trying all pairs finds, near and far, at the poles", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const north = seed % 3 === 0 ? 80 : 0;
      const made = (): FieldObject[] =>
        Array.from({ length: whole(next, 0, seed % 12) }, () => ({
          ...{ latitude: north + 10 * next(), east: whole(next, 0, 1) * 350 + 20 * next() },
          ...{ area: 1, mean: 1, largest: 1, cells: 1 },
        }));
      const [forecasts, targets] = [made(), made()];
      let left = forecasts.flatMap((forecast) =>
        targets.map((target) => ({
          ...{ forecast, target },
          distance: haversine(forecast.latitude, forecast.east, target.latitude, target.east),
        })),
      );
      // As far as one pair is apart, that one still counts.
      const within = seed % 4 === 0 ? 20016 : (left[0]?.distance ?? 0);
      const wanted: typeof left = [];
      for (left = left.filter(({ distance }) => distance <= within); left.length > 0; ) {
        const nearest = left.reduce((a, b) => (b.distance < a.distance ? b : a));
        wanted.push(nearest);
        left = left.filter((one) => one.forecast !== nearest.forecast && one.target !== nearest.target);
      }
      expect(matchObjects(forecasts, targets, within), `seed ${seed}`).toEqual(wanted);
    }
  });
});
