import { beforeAll, expect, test } from "vitest";
import { temporary } from "../cli/ewb.ts";
import { box, dataSet, storeFolder } from "./stores.ts";
import { command, story, streamed, temperature } from "./watched.ts";

/** Two forecasts of two cases: of `monolith` all inits and leads are one chunk of 498 MB. */
const names = [
  /case 1 region 1/,
  /surface_air_temperature of monolith against analysis/,
  /2m_temperature\), has the shape 6 x 20 x 721 x 1440|2m_temperature\) has the shape 6 x 20 x 721 x 1440/,
  /takes 498\.\d MB decoded and up to \d+\.\d MB encoded/,
  /needs [\d.]+ MB, one unit may hold [\d.]+ MB/,
  /Give at least [\d.]+ MB more .*--memory.*or use a store with smaller chunks/,
];

let both: string;
let tiles: string;
beforeAll(async () => {
  const sources = { tiles: await storeFolder("tiles"), monolith: await storeFolder("monolith") };
  both = dataSet(temporary(), sources, [box, [0, 10, 0, 10]]);
  tiles = dataSet(temporary(), { tiles: sources.tiles }, [box, [0, 10, 0, 10]]);
});

test("a plan names it: case, variable, chunk shape, bytes needed, bytes there, what to try", async () => {
  const { code, out, err } = await command(
    "plan",
    temperature,
    "--data",
    both,
    "--memory",
    "300MB",
    "--json",
  );
  expect(code, err).toBe(1);
  const { failures } = JSON.parse(out);
  expect(failures.map((one: any) => [one.case_id, one.forecast])).toEqual([
    [1, "monolith"],
    [2, "monolith"],
  ]);
  for (const name of names) expect(failures[0].message).toMatch(name);
  const text = await command("plan", temperature, "--data", both, "--memory", "300MB");
  expect(text.code).toBe(1);
  expect(text.out).toMatch(/^would fail: case 1, monolith, analysis: .*has the shape 6 x 20 x 721 x 1440/m);
});

test.each([0, 1])(
  "a run makes it a line in the failures table; all else has its rows (%i workers)",
  async (workers) => {
    const [run, rest] = await Promise.all([
      streamed({ data: both, memory: "300MB", workers }),
      streamed({ data: tiles, memory: "300MB", workers: 0 }),
    ]);
    expect([run.hangs, run.code], story(run)).toEqual([false, 1]);
    expect(run.failures.map(({ case_id, source }) => [case_id, source])).toEqual([
      [1, expect.stringMatching(/monolith/)],
      [2, expect.stringMatching(/monolith/)],
    ]);
    for (const name of names) expect(run.failures[0]!.message).toMatch(name);
    expect(rest.code, story(rest)).toBe(0);
    expect(run.rows).toBe(rest.rows);
  },
);
