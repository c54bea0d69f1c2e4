import { expect, test } from "vitest";
import { closestWord, suggestion } from "../../src/kernels/closestWord.ts";

const known = ["name", "cases", "forecasts", "targets", "climatologies"];

test.each([
  ["forcasts", "forecasts"],
  ["forecast", "forecasts"],
  ["Targets", "targets"],
  ["climatology", "climatologies"],
  ["casse", "cases"],
])("%s is %s", (word, closest) => expect(closestWord(word, known)).toBe(closest));

test("a word that is far from all is none of them", () => {
  expect(closestWord("zebra", known)).toBeUndefined();
  expect(closestWord("", known)).toBeUndefined();
  expect(closestWord("role", known)).toBeUndefined();
  expect(closestWord("predictions", known)).toBeUndefined();
  expect(suggestion("zebra", known)).toBe("known are: name, cases, forecasts, targets, climatologies");
  expect(suggestion("nmae", known)).toBe('did you mean "name"?');
});
