import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, type Outcome, temporary } from "./ewb.ts";

const pipeline = resolve("pipelines/heatwave.ts");
const folder = temporary();

/** Wrong usage: exit code 2, one line that says what was wrong, no stack, nothing written. */
const refused = ({ code, err, out }: Outcome, message: RegExp) => {
  const lines = err
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("data set:"));
  expect(lines.filter((line) => line !== "(--help lists the options)")).toHaveLength(1);
  expect(lines[0]).toMatch(message);
  expect(err + out).not.toMatch(/\n\s+at |node:internal|\[object Object\]/);
  expect(code).toBe(2);
};

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe("options that make no sense", () => {
  test.each<[string[], RegExp]>([
    [["--limit", "0"], /--limit 0: expected a whole number from 1/],
    [["--limit", "some"], /--limit some/],
    [["--leads", "48..0"], /--leads 48\.\.0: expected a range.*0\.\.48/],
    [["--leads", "a..b"], /--leads a\.\.b/],
    [["--leads", "0..6..12"], /--leads 0\.\.6\.\.12/],
    [["--inits", "yesterday"], /--inits yesterday: expected a range/],
    [["--metric", "goodness"], /--metric goodness: no such metric\. "ewb metrics" lists those there are\./],
    [["--metric", "rsme"], /--metric rsme: no such metric; did you mean rmse\?/],
    [
      ["--forecast", "their-model"],
      /no forecast their-model in the data set sample; there are sample-model-a/,
    ],
    [["--cases", "98,99"], /no case 98, 99; there are 1, 2, 3/],
    [["--cases", "7-4"], /--cases 7-4/],
    [["--cases", "nowhere.yaml"], /the case file .*nowhere\.yaml cannot be read/],
    [["--memory", "lots"], /"lots" is no amount of memory: expected e\.g\. 512MB/],
    [["--data", "nowhere.yaml"], /no data set "nowhere\.yaml": expected "sample", "public" or a YAML file/],
  ])("are refused: %j", async (args, message) => {
    refused(await ewb(["stream", pipeline, "--out", folder, ...args]), message);
    expect(existsSync(join(folder, "heatwave.parquet"))).toBe(false);
  });

  test.each<[string[], RegExp]>([
    [["--workers", "-1"], /--workers -1: expected a whole number from 0/],
    [["--workers", "2.5"], /--workers 2\.5/],
    [["--max-missing", "150%"], /--max-missing 150%: expected a share, e\.g\. 5%/],
    [["--leads", "0..6", "--fast"], /unknown option '--fast'/],
  ])("stream refuses %j", async (args, message) => {
    refused(await ewb(["stream", pipeline, "--out", folder, ...args]), message);
  });
});

describe("pipelines that cannot run", () => {
  test.each<[string, string, RegExp]>([
    ["syntax.ts", "export default (run => {", /syntax\.ts does not load: .*(Unexpected|Expected|expected)/],
    ["none.ts", "export const rows = 1;", /none\.ts has no function as its default export/],
    ["loading.ts", 'throw new Error("no licence");', /loading\.ts does not load: no licence/],
    [
      "module.ts",
      'import "a-package-that-is-not-there"; export default () => 1;',
      /module\.ts does not load: .*a-package-that-is-not-there/,
    ],
    [
      "calling.ts",
      'export default () => { throw new Error("no luck"); };',
      /calling\.ts: it threw when it was called: no luck/,
    ],
    ["five.ts", "export default () => 5;", /five\.ts: it returned a number; expected an Observable of rows/],
    [
      "promise.ts",
      "export default async () => 5;",
      /promise\.ts: it returned a object; expected an Observable/,
    ],
    [
      "unit.ts",
      'export default (run) => run.sources("forecast", { surface_air_temperature: "degC" });',
      /asked for in "degC", it is given in "K"/,
    ],
  ])("%s", async (name, text, message) => {
    const file = written(name, text);
    refused(await ewb(["stream", file, "--out", folder]), message);
    if (name.startsWith("calling") || name.startsWith("five")) refused(await ewb(["plan", file]), message);
  });

  test("a file that is not there, and a folder", async () => {
    const message = /no pipeline .*: expected a \.ts or \.js file\. "ewb new NAME\.ts" makes one/;
    refused(await ewb(["stream", join(folder, "nowhere.ts")]), message);
    mkdirSync(join(folder, "folder.ts"));
    refused(await ewb(["stream", join(folder, "folder.ts")]), message);
  });

  test("one that fails on its way says so, publishes nothing, and --debug shows where", async () => {
    const file = written(
      "later.ts",
      `import { cases, writeParquet } from "ewb";
       import { map } from "rxjs";
       export default (run: any) =>
         cases(run).pipe(map(() => { throw new Error("no luck later"); }), writeParquet(run, "later.parquet"));`,
    );
    const { code, err } = await ewb(["stream", file, "--out", folder]);
    expect(code).toBe(1);
    expect(err).toMatch(/^ewb: no luck later$/m);
    expect(err).not.toMatch(/\n\s+at /);
    expect(existsSync(join(folder, "later.parquet"))).toBe(false);
    expect((await ewb(["stream", file, "--out", folder, "--debug"])).err).toMatch(/\n\s+at .*later\.ts/);
  });
});

describe("options that choose", () => {
  const rowsOf = async (...args: string[]) => {
    const out = temporary();
    const { code, err } = await ewb(["stream", pipeline, "--out", out, "--workers", "0", ...args]);
    expect(code, err).toBe(0);
    return (await readRows(join(out, "heatwave.parquet"))).rows;
  };

  test("--leads, --cases, --forecast and --metric", async () => {
    const rows = await rowsOf(
      "--leads",
      "24..48",
      "--cases",
      "2",
      "--forecast",
      "sample-model-b",
      "--metric",
      "rmse",
    );
    expect(new Set(rows.map(({ lead_hours }) => lead_hours))).toEqual(new Set([24, 30, 36, 42, 48]));
    for (const row of rows) {
      expect(row).toMatchObject({
        case_id: 2,
        forecast: "sample-model-b",
        metric: "root mean squared error",
      });
    }
  });

  test("--inits", async () => {
    const rows = await rowsOf("--inits", "2024-07-10..2024-07-11T12:00", "--metric", "onset");
    const inits = new Set(rows.map(({ init_time }) => new Date(init_time!).toISOString().slice(0, 13)));
    expect([...inits].sort()).toEqual(["2024-07-10T00", "2024-07-10T12", "2024-07-11T00", "2024-07-11T12"]);
  });

  test("--limit is a number of chunks of a forecast and case", async () => {
    const rows = await rowsOf("--limit", "2", "--metric", "bias", "--cases", "1");
    expect(
      rows.filter(({ target, forecast }) => target === "sample-era5" && forecast === "sample-model-a"),
    ).toHaveLength(2);
  });

  test("nothing left is said, and is no failure", async () => {
    const { code, out } = await ewb(["stream", pipeline, "--out", temporary(), "--cases", "3"]);
    expect(code).toBe(0);
    expect(out).toMatch(/no rows: the pipeline and the options leave no forecast chunk of any case/);
  });

  test("a worker writes no table of its own", async () => {
    const out = temporary();
    const { out: text } = await ewb(["stream", pipeline, "--out", out, "--workers", "2", "--metric", "bias"]);
    expect(text.match(/heatwave\.parquet/g)).toHaveLength(1);
  });

  test("the result says which cases it is of", async () => {
    const hashes: (string | undefined)[] = [];
    for (const title of ["one", "one", "another"]) {
      const out = temporary();
      writeFileSync(
        join(out, "cases.yaml"),
        `- { case_id_number: 1, title: ${title}, start_date: 2024-07-10, end_date: 2024-07-11, event_type: heat_wave,
    location: { type: centered_region, parameters: { latitude: 48, longitude: 2, bounding_box_degrees: 4 } } }`,
      );
      const args = ["--cases", join(out, "cases.yaml"), "--out", out, "--limit", "1", "--workers", "0"];
      expect((await ewb(["stream", pipeline, ...args])).code).toBe(0);
      hashes.push((await readRows(join(out, "heatwave.parquet"))).metadata["ewb.cases"]);
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{8,}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test("several files are run in turn", async () => {
    const out = temporary();
    const [one, two] = [join(out, "one.ts"), join(out, "two.ts")];
    for (const file of [one, two]) await ewb(["new", file]);
    const { code, err } = await ewb(["stream", one, two, "--out", out, "--limit", "1", "--workers", "0"]);
    expect(code, err).toBe(0);
    expect([existsSync(join(out, "one.parquet")), existsSync(join(out, "two.parquet"))]).toEqual([
      true,
      true,
    ]);
  });
});
