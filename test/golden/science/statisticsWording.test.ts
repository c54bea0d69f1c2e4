/** Cases of the same meaning in other words are read the same. */
import { expect, test } from "vitest";
import type { ScienceCase } from "../goldenPairs.ts";
import {
  dieboldMarianoMethod,
  horizonOf,
  klingGuptaVersion,
  stationPlace,
  tTestMethod,
} from "./statisticsWording.ts";

const saying = (words: object): ScienceCase =>
  ({ id: "a", title: "b", metric: "c", inputs: {}, parameters: {}, expected: {}, ...words }) as ScienceCase;

test("the estimate of a t-test", () => {
  const ar2 = [
    { title: "t-test, AR(2) correlation" },
    { id: "t-test-ar2-short" },
    { title: "AR-2 inflated error" },
    { definition: "k^2 = (1 - r1 f1 - r2 f2) / (1 - f1 - f2)^2" },
  ];
  expect(ar2.map((words) => tTestMethod(saying(words)))).toEqual(ar2.map(() => "ar2"));
  expect(tTestMethod(saying({ parameters: { lags: 2 } }))).toBe("newey-west");
  expect(tTestMethod(saying({ parameters: { v0: 0.4 } }))).toBe("cosine");
  expect(tTestMethod(saying({ title: "Paired t-test of similar 2 losses" }))).toBe("plain");
});

test("the autocovariances and the steps of the test of Diebold and Mariano", () => {
  const fitted = [
    { title: "Diebold-Mariano, HG" },
    { definition: "autocovariances fitted by a model" },
    { definition: "s^2 exp(-3 lag / theta)" },
    { parameters: { method: "HG" } },
  ];
  expect(fitted.map((words) => dieboldMarianoMethod(saying(words)))).toEqual(fitted.map(() => "HG"));
  expect(dieboldMarianoMethod(saying({ title: "Diebold-Mariano test, HLN" }))).toBe("HLN");
  expect(dieboldMarianoMethod(saying({ title: "not HG", parameters: { method: "HLN" } }))).toBe("HLN");
  expect(horizonOf(saying({ parameters: { h: 3 } }), 1)).toBe(3);
  expect(horizonOf(saying({ parameters: { h: [1, 2] } }), 1)).toBe(2);
});

test("the version of the Kling-Gupta efficiency", () => {
  const later = [
    { definition: "s = (sd f / mean f) / (sd o / mean o)" },
    { definition: "s the ratio of sd/mean of both" },
    { definition: "s = CV of f / CV of o" },
    { id: "kge-2012-b" },
    { title: "Kling-Gupta efficiency (2012)" },
    { parameters: { version: 2012 } },
  ];
  expect(later.map((words) => klingGuptaVersion(saying(words)))).toEqual(later.map(() => "2012"));
  expect(klingGuptaVersion(saying({ definition: "s = sd f / sd o, b = mean f / mean o" }))).toBe("2009");
  expect(klingGuptaVersion(saying({ id: "kge-2009", definition: "not the form of 2012" }))).toBe("2009");
});

test("stations that do not count from 0", () => {
  const forecast = { dims: ["station", "lead_day"], coords: { station: ["b", "a"] }, data: [[1], [2]] };
  expect(stationPlace(saying({ inputs: { forecast } }), "a")).toBe(1);
  const numbers = { ...forecast, coords: { station: [101, 7] } };
  expect(stationPlace(saying({ inputs: { forecast: numbers } }), 101)).toBe(0);
  expect(stationPlace(saying({ inputs: { forecast: { ...forecast, coords: {} } } }), 1)).toBe(1);
});
