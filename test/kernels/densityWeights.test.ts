import { expect, test } from "vitest";
import { densityWeights } from "../../src/kernels/densityWeights.ts";
import { exactValue } from "../../src/kernels/exactSum.ts";
import { haversine } from "../../src/kernels/haversine.ts";
import { chosenPoints, cutPlaces, gridPlaces, pointPlaces, singlePoints } from "../../src/kernels/places.ts";
import { scoreTotal } from "../../src/kernels/scores/scoreTotal.ts";
import { randomNumbers } from "../../src/kernels/statistics/randomNumbers.ts";

test("a point weighs one over the points within 100 km", () => {
  const next = randomNumbers(5);
  const n = 300;
  const latitude = Float64Array.from({ length: n }, () => 80 + next() * 10);
  const longitude = Float64Array.from({ length: n }, () => next() * 360 - 180);
  const wanted = Float64Array.from(latitude, (y, i) => {
    let count = 0;
    for (let j = 0; j < n; j++)
      if (haversine(y, longitude[i]!, latitude[j]!, longitude[j]!) <= 100) count += 1;
    return 1 / count;
  });
  expect(densityWeights(latitude, longitude)).toEqual(wanted);
  expect(wanted.some((weight) => weight < 0.5)).toBe(true);
});

test("three stations of one town weigh as one alone", () => {
  const places = pointPlaces(Float64Array.of(50, 50.1, 50.2, 60), Float64Array.of(8, 8, 8, 8));
  const { sums, weight } = scoreTotal([Float64Array.of(3, 3, 3, 1)], {
    borders: singlePoints(places),
    weights: places.weights("density"),
    columns: undefined,
  });
  expect(exactValue(sums[0]!) / exactValue(weight)).toBe(2);
});

test("parts of places have the weights, names and leaves of the whole", () => {
  const n = 5000;
  const names = Array.from({ length: n }, (_, i) => `s${i}`);
  const places = pointPlaces(
    Float64Array.from({ length: n }, (_, i) => (i % 100) * 0.5),
    Float64Array.from({ length: n }, (_, i) => Math.floor(i / 100)),
    names,
  );
  const all = places.weights("density");
  const cut = cutPlaces(places, { start: 1, stop: 2 });
  expect(cut.weights("density")).toEqual(all.subarray(4096));
  expect(cut.weights("none")).toEqual(Float64Array.of(1));
  expect(cut.names?.[0]).toBe("s4096");
  const some = chosenPoints(places, Uint32Array.of(3, 4095, 4096, 4999));
  expect(Array.from(some.leaves)).toEqual([0, 2, 4]);
  expect(some.names).toEqual(["s3", "s4095", "s4096", "s4999"]);
  expect(Array.from(some.weights("density"))).toEqual([3, 4095, 4096, 4999].map((i) => all[i]));
});

test("cells of a grid weigh their area", () => {
  const axis = Float64Array.of(0, 10, 20);
  const window = { rows: { start: 0, stop: 3 }, columns: [{ start: 0, stop: 3 }] };
  const places = gridPlaces({ latitude: axis, longitude: axis }, window);
  expect(places.weights("density")).toEqual(places.weights("area"));
});

test("points without a place weigh 1 and change no other weight", () => {
  const latitude = Float64Array.of(87.15, Number.NaN, 86.61, 86.01, 86.98, 88.27, 86.7);
  const longitude = Float64Array.of(0, 0, 0, 0, 0, 0, Number.NaN);
  const weights = densityWeights(latitude, longitude);
  expect(Array.from(weights)).toEqual([1 / 3, 1, 1 / 4, 1 / 2, 1 / 3, 1, 1]);
});
