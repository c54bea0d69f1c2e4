import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, run, temporary } from "./ewb.ts";

const folder = temporary();
const file = join(folder, "heatwave.parquet");

describe("ewb show", () => {
  let printed = "";
  beforeAll(async () => {
    const { code, err, out } = await ewb([
      "stream",
      resolve("pipelines/heatwave.ts"),
      "--out",
      folder,
      "--workers",
      "0",
    ]);
    expect(code, err).toBe(0);
    printed = out;
  }, 60_000);

  test("prints the table that the run ended with", async () => {
    const { code, out } = await ewb(["show", file]);
    expect(code).toBe(0);
    expect(printed).toContain(out.trim());
  });

  test("only one metric, of one forecast and case", async () => {
    const { out } = await ewb([
      "show",
      file,
      "--metric",
      "rmse",
      "--forecast",
      "sample-model-b",
      "--cases",
      "2",
    ]);
    expect(out).toMatch(/^ {2}root mean squared error, K$/m);
    expect(out).not.toMatch(/mean error|sample-model-a|Case 1/);
    expect(out).toMatch(/^Case 2 · Sample heat wave, centre · heat_wave$/m);
    expect(out).toMatch(/^all rows: surface_air_temperature; weights=area; match=bilinear$/m);
  });

  test("--by lead_hours and --by init_time show every value, forecasts side by side", async () => {
    const leads = (await ewb(["show", file, "--metric", "rmse", "--by", "lead_hours", "--cases", "1"])).out;
    expect(leads).toMatch(/^ +lead +sample-model-a +sample-model-b +n$/m);
    expect(leads.match(/^ +\d+ h /gm)).toHaveLength(2 * 29);
    const inits = (await ewb(["show", file, "--metric", "onset", "--by", "init_time", "--cases", "1"])).out;
    expect(inits).toMatch(/^ +2024-07-\d\d (00|12)Z +[−\d.NaN]+ +[−\d.NaN]+ +\d+/m);
  });

  test("--json gives the rows of the file, one a line", async () => {
    const { out } = await ewb(["show", file, "--json", "--metric", "bias"]);
    const rows = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const all = (await readRows(file)).rows.filter(({ metric }) => metric === "mean error");
    expect(rows).toEqual(JSON.parse(JSON.stringify(all)));
  });

  test("a reader that has seen enough is no error", async () => {
    const main = resolve("dist/cli/main.js");
    for (const args of [`show ${file} --json`, `show ${file}`, "cases list --data public"]) {
      const { out, err } = await run("bash", [
        "-c",
        `"${process.execPath}" "${main}" ${args} | head -n 1; echo "\${PIPESTATUS[0]}"`,
      ]);
      expect(err).toBe("");
      expect(out.trim().split("\n").at(-1)).toBe("0");
    }
  });

  test.each<[string[], RegExp]>([
    [["--by", "colour"], /cannot be shown by "colour"; expected lead_hours, init_time, valid_time/],
    [["--by", "init_time", "--metric", "rmse"], /none of the 232 rows keeps init_time; try --by lead_hours/],
    [["--forecast", "theirs"], /1112 rows, none of them chosen by the options/],
    [["--metric", "goodness"], /--metric goodness: no such metric/],
    [["--cases", "1,x"], /--cases/],
  ])("refuses %j", async (args, message) => {
    const { code, err, out } = await ewb(["show", file, ...args]);
    expect(code, out).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("what is no result file is an error of one line", async () => {
    const bad = join(folder, "bad.parquet");
    writeFileSync(bad, "no Parquet");
    for (const path of [bad, join(folder, "nowhere.parquet"), folder]) {
      const { code, err } = await ewb(["show", path]);
      expect(code).not.toBe(0);
      expect(err).toContain(path);
      expect(err.trim().split("\n")).toHaveLength(1);
    }
  });
});
