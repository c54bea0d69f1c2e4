import { describe, expect, test } from "vitest";
import { metricCombinators, metricDocs } from "../../src/operators/metrics/docs.ts";
import { ewb } from "./ewb.ts";

const lines = (out: string) => out.trimEnd().split("\n");

describe("ewb metrics", () => {
  test("lists every metric under its family, uncut where nobody says how wide", async () => {
    const { code, out, err } = await ewb(["metrics"]);
    expect(code, err).toBe(0);
    for (const { family, name, term, short = [] } of metricDocs) {
      expect(lines(out)).toContain(family);
      const line = lines(out).find((one) => one.trim().split(/ {2,}/)[0] === name);
      expect(line, name).toContain(`  ${term}  `);
      expect(line).toContain(short.join(", "));
    }
    for (const { name, says } of metricCombinators) {
      expect(lines(out).find((one) => one.trim().startsWith(`${name}  `))).toContain(says);
    }
    expect(lines(out).find((one) => one.includes("rootMeanSquaredError  "))).toMatch(/rmse +0\.\.inf +low$/);
  });

  test.each(["rmse", "RMSE", "rootMeanSquaredError", "root mean squared error"])(
    "tells of %s",
    async (name) => {
      const { code, out, err } = await ewb(["metrics", name]);
      expect(code, err).toBe(0);
      expect(lines(out)).toEqual([
        "rootMeanSquaredError: root mean squared error, rmse",
        "",
        "formula    sqrt(sum w (f - o)^2 / sum w), the root last",
        "unit       [x] ([x]: that of the variable)",
        "range      0..inf",
        "better     lower is better; a perfect forecast has 0",
        "reference  Chai and Draxler 2014, doi:10.5194/gmd-7-1247-2014",
        expect.stringMatching(/^example {4}rootMeanSquaredError\("surface_air_temperature"/),
        "",
        expect.stringContaining("f forecast, o observation"),
      ]);
    },
  );

  test("tells what has no perfect value, what is of numbers, and what makes metrics of metrics", async () => {
    expect((await ewb(["metrics", "forecastActivity"])).out).toContain(
      "\nbetter     neither: it describes\n",
    );
    expect((await ewb(["metrics", "paired t-test"])).out).toContain("not given to score");
    const { out } = await ewb(["metrics", "latitudeBand"]);
    expect(lines(out)).toEqual([
      "latitudeBand: for by: bands of so many degrees",
      "",
      'example    meanError("surface_air_temperature", { by: ["season", latitudeBand(30)] })',
    ]);
  });

  test("--json gives an object a line, with null where a range has no end", async () => {
    const all = lines((await ewb(["metrics", "--json"])).out).map((line) => JSON.parse(line));
    expect(all.map(({ name }) => name)).toEqual(
      [...metricDocs, ...metricCombinators].map(({ name }) => name),
    );
    expect(all.find(({ name }) => name === "oddsRatio")).toMatchObject({
      range: [0, null],
      perfect: "Infinity",
    });
    const one = JSON.parse((await ewb(["metrics", "csi", "--json"])).out);
    expect(one).toMatchObject({
      name: "criticalSuccessIndex",
      short: ["csi", "threat score"],
      range: [0, 1],
    });
  });

  test("a name that is none is refused with the closest", async () => {
    const { code, out, err } = await ewb(["metrics", "crsp"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe(
      'ewb: ewb metrics crsp: no such metric; did you mean crps? "ewb metrics" lists those there are.\n',
    );
  });
});
