/** The page of the metrics is made of what the metrics say of themselves, and committed as it is made. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metricDocs } from "../../src/operators/metrics/docs.ts";
import { generated, page } from "../../tools/metricDocs.ts";

const text = readFileSync(page, "utf8");

test("the committed page is what `npm run docs` writes", () => {
  expect(generated(text) === text, `${page} is not up to date: npm run docs`).toBe(true);
});

test("it tells of every metric", () => {
  for (const { name, term } of metricDocs) expect(text).toContain(`| \`${name}\`<br>${term} |`);
});

test("a bar ends no cell, and a DOI with brackets is a link", () => {
  const lines = text.split("\n").filter((line) => line.startsWith("| `"));
  const cells = (line: string) => line.replaceAll("\\|", "").split("|").length;
  expect(new Set(lines.map(cells))).toEqual(new Set([10, 5]));
  expect(text).toContain("https://doi.org/10.1175/1520-0493%281988%29116%3C2417:SSBOTM%3E2.0.CO;2)");
});

test("without its marks the page is refused", () => {
  expect(() => generated("# Metrics\n")).toThrow(/docs\/metrics\.md lacks the line/);
});
