/** Cases of the same meaning in other words are read the same. */
import { expect, test } from "vitest";
import { meanError } from "../../../src/operators/metrics/index.ts";
import { goldenPairs, rowsOfMetric, type ScienceCase } from "../goldenPairs.ts";
import { binsOf, isOnSphere, isUpperAssignment, placeOf, tableAlong } from "./wording.ts";

const saying = (words: object): ScienceCase =>
  ({ id: "a", title: "b", metric: "c", inputs: {}, parameters: {}, expected: {}, ...words }) as ScienceCase;

test("a probability on a threshold, above or below it", () => {
  const upper = [
    { title: "Risk matrix score, assignment upper" },
    { title: "Risk matrix score with upper assignment" },
    { id: "risk-matrix-assignment-upper" },
    { parameters: { assignment: "upper" } },
    { parameters: { threshold_assignment: "upper" } },
  ];
  expect(upper.map((words) => isUpperAssignment(saying(words)))).toEqual(upper.map(() => true));
  const lower = [
    { title: "assignment lower", definition: "F_s >= p (assignment lower) or F_s > p (assignment upper)" },
    { parameters: { threshold_assignment: "lower" } },
  ];
  expect(lower.map((words) => isUpperAssignment(saying(words)))).toEqual([false, false]);
});

test("centroids on the sphere", () => {
  const sphere = ["x times unit vectors on the sphere", "a spherical centroid", "the 3-D mean", "mean in 3D"];
  for (const definition of sphere) expect(isOnSphere(saying({ definition })), definition).toBe(true);
  const plane = "centroid = sum(x (lat, lon)) / sum(x); great circle, radius 6371 km, atmosphere";
  expect(isOnSphere(saying({ definition: plane }))).toBe(false);
});

test("bins of probabilities", () => {
  expect(binsOf({ bins: "distinct values" })).toBe("distinct");
  expect(binsOf({ bins: 5 })).toBe(5);
  expect(binsOf({ bins: [0, 0.5, 1] })).toEqual([0, 0.5, 1]);
  expect(binsOf({ edges: [0, 0.2, 1], bins: "[a, b), last closed" })).toEqual([0, 0.2, 1]);
  expect(binsOf({})).toBe("isotonic");
});

test("labels that do not count from 0, and tables the other way round", () => {
  const array = { dims: ["sample"], coords: { sample: [10, 30, 20] }, data: [1, 2, 3] };
  expect(placeOf("sample", 20, [{ dims: ["sample"], coords: {}, data: [] }, array])).toBe(2);
  expect(placeOf("table", 4, [array])).toBe(4);
  const data = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  expect(tableAlong({ dims: ["pt", "severity"], coords: {}, data }, "pt")).toEqual(data);
  expect(tableAlong({ dims: ["severity", "pt"], coords: {}, data }, "pt")).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test("cell areas go by latitude only, also where columns are not equally wide", () => {
  const field = (row: number[]) => ({
    dims: ["latitude", "longitude"],
    coords: { latitude: [0], longitude: [0, 1, 11] },
    data: [row],
  });
  const pairs = goldenPairs({ variables: { x: { forecast: field([1, 2, 6]), target: field([0, 0, 0]) } } });
  const metric = meanError<{ x: "K" }>("x", { weights: "area" });
  expect(rowsOfMetric(metric, pairs)[0]!.value).toBeCloseTo(3, 12);
});
