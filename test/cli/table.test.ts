import { describe, expect, test } from "vitest";
import { countRange, countText, timeText, valueText } from "../../src/cli/numberText.ts";
import { resultTable } from "../../src/cli/table.ts";
import type { Row } from "../../src/model/row.ts";
import { row } from "../sinks/rows.ts";

const start = Date.UTC(2024, 6, 1);
const hour = 3_600_000;
const options = "match=bilinear;weights=area";

const byLead = (forecast: string, factor: number, leads: readonly number[], part: Partial<Row> = {}) =>
  leads.map((lead_hours) =>
    row({
      forecast,
      lead_hours,
      value: (0.25 + lead_hours / 96) * factor,
      n: 1404 + lead_hours,
      parameters: options,
      ...part,
    }),
  );
const byRun = (forecast: string, values: readonly number[], part: Partial<Row> = {}) =>
  values.map((value, i) =>
    row({
      forecast,
      metric: "duration mean error",
      metric_id: "d",
      unit: "h",
      parameters: `above=heat 0.85;${options}`,
      init_time: start + i * 12 * hour,
      lead_hours: null,
      value,
      n: Number.isNaN(value) ? 0 : 12_345,
      ...part,
    }),
  );
const leads = Array.from({ length: 29 }, (_, i) => 6 * i);
const text = (rows: readonly Row[], width = 100, by?: string) =>
  resultTable(rows, { width, colour: false, ...(by === undefined ? {} : { by }) }).split("\n");

describe("resultTable", () => {
  test("what is kept by lead stands in columns, what is kept by run is summarised", () => {
    const rows = [
      ...byLead("model-b", -1.5, leads),
      ...byLead("model-a", 1, leads),
      ...byRun("model-a", [6, -12, 0, Number.NaN, 18]),
      ...byRun("model-b", [6, 6], { status: "partial" }),
    ];
    expect(text(rows, 84)).toEqual([
      "Case 1 · A case · heat_wave",
      "",
      "  by lead time (4 of 29 leads; --by lead_hours shows all)",
      "    target    forecast    0 d    2 d    4 d    6 d          n",
      "  root mean squared error, K",
      "    analysis  model-a    0.25   0.75   1.25   1.75  1404–1572",
      "              model-b   −0.38  −1.13  −1.88  −2.63  1404–1572",
      "",
      "  over runs: how many, their median, least and greatest value",
      "    target    forecast     runs  median  least  greatest        n",
      "  duration mean error, h (above=heat 0.85)",
      "    analysis  model-a    4 of 5     3.0  −12.0      18.0  0–12.3k",
      "              model-b *       2     6.0    6.0       6.0    12.3k",
      "",
      "all rows: surface_air_temperature; match=bilinear; weights=area",
      "*: partial, an allowed part of the input is missing",
    ]);
  });

  test("few leads are all shown, in hours", () => {
    expect(text(byLead("m", 1, [0, 6, 12]))).toContain("    target    forecast   0 h   6 h  12 h          n");
  });

  test("more width shows more leads, every line stays inside it", () => {
    const rows = [...byLead("model-a", 1, leads), ...byRun("model-a", [1])];
    const columns = (width: number) => text(rows, width)[3]!.match(/\d+ [dh]/g)!.length;
    expect([60, 80, 90, 100, 300].map(columns)).toEqual([4, 4, 8, 8, 29]);
    for (const width of [70, 80, 100, 300]) {
      for (const line of text(rows, width)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test("leads that are no days are thinned evenly", () => {
    const odd = Array.from({ length: 20 }, (_, i) => 3 + 24 * i);
    const titles = text(byLead("m", 1, odd), 80)[3]!.match(/\d+ h/g)!;
    expect(titles[0]).toBe("3 h");
    const steps = titles.map(
      (title, i) => Number.parseInt(title, 10) - 3 - i * (Number.parseInt(titles[1]!, 10) - 3),
    );
    expect(new Set(steps)).toEqual(new Set([0]));
  });

  test("long names are cut, numbers never", () => {
    const rows = byLead("a-very-long-name-of-a-forecast-indeed", 1, [0, 24], {
      target: "a-very-long-name-of-a-target",
    });
    expect(text(rows, 60)[5]).toBe("    a-very-…-target  a-very-l…-indeed  0.25  0.50  1404–1428");
  });

  test("cases, targets, variables, levels, break-downs and labels are told apart", () => {
    const lines = text([
      ...byLead("m", 1, [0], { case_id: 2, case_title: "B" }),
      ...byLead("m", 1, [0], { level: 500 }),
      ...byLead("m", 1, [0], { by: "station=EGLL" }),
      ...byLead("m", 1, [0], { target: "stations" }),
      ...byLead("m", 1, [0], { parameters: `${options};label=night` }),
    ]);
    expect(lines.filter((line) => line.startsWith("Case"))).toEqual([
      "Case 1 · A case · heat_wave",
      "Case 2 · B · heat_wave",
    ]);
    expect(lines.filter((line) => /^ {2}root/.test(line))).toEqual([
      "  root mean squared error, surface_air_temperature 500, K",
      "  root mean squared error, surface_air_temperature, K",
      "  root mean squared error, surface_air_temperature, K (label=night)",
      "  root mean squared error, surface_air_temperature, station=EGLL, K",
      "  root mean squared error, surface_air_temperature, K",
    ]);
    expect(lines.at(-1)).toBe("all rows: match=bilinear; weights=area");
  });

  test("groups stand in the order of their numbers", () => {
    const bins = ["48..96", "144..192", "0..48"].flatMap((bin) =>
      byLead("m", 1, [0], { by: `lead=${bin} h` }),
    );
    const shares = ["5", "25"].flatMap((part) => byLead("m", 1, [0], { by: `altitude=0.${part}` }));
    const found = text([...bins, ...shares]).map((line) => /(?:lead|altitude)=([^ ,]*)/.exec(line)?.[1]);
    expect(found.filter((one) => one !== undefined)).toEqual(["0.25", "0.5", "0..48", "48..96", "144..192"]);
  });

  test("no sample and no row are not zero", () => {
    const lines = text([
      row({ forecast: "a", lead_hours: 0, value: Number.NaN, n: 0 }),
      row({ forecast: "a", lead_hours: 6 }),
      row({ forecast: "b", lead_hours: 6 }),
    ]);
    expect(lines.slice(5)).toEqual([
      "    analysis  a         NaN  1.25  0–100",
      "              b           ·  1.25    100",
      "",
      "all rows: surface_air_temperature",
      "NaN: no valid sample",
      "·: no such row",
    ]);
  });

  test("valid times and whole cases, with intervals", () => {
    const lines = text([
      row({ lead_hours: null, valid_time: start, value: 1 }),
      row({ lead_hours: null, valid_time: start + hour, value: 3 }),
      row({
        metric: "bias",
        metric_id: "b",
        lead_hours: null,
        value: -1,
        lower: -2,
        upper: 0.5,
        confidence: 0.9,
      }),
    ]);
    expect(lines).toContain("    target    forecast  times  median  least  greatest    n");
    expect(lines).toContain("    analysis  model         2    2.00   1.00      3.00  100");
    expect(lines).toContain("    target    forecast  value             interval    n");
    expect(lines).toContain("    analysis  model     −1.00  −2.00 … 0.50 (90 %)  100");
  });

  test("by shows every value, forecasts side by side", () => {
    const rows = [...byRun("b", [1, 2]), ...byRun("a", [-3, Number.NaN, 5]), ...byLead("a", 1, [0])];
    expect(text(rows, 100, "init_time")).toEqual([
      "Case 1 · A case · heat_wave",
      "",
      "  duration mean error, h, against analysis",
      "               run     a    b        n",
      "    2024-07-01 00Z  −3.0  1.0    12.3k",
      "    2024-07-01 12Z   NaN  2.0  0–12.3k",
      "    2024-07-02 00Z   5.0    ·    12.3k",
      "",
      "all rows: surface_air_temperature; above=heat 0.85; match=bilinear; weights=area",
      "NaN: no valid sample",
      "·: no such row",
    ]);
    expect(text(byLead("a", 1, leads), 40, "lead_hours")).toHaveLength(4 + 29 + 2);
    expect(text([row({ lead_hours: 6, init_time: start })], 80, "init_time")[4]).toContain(
      "2024-07-01 00Z +6 h",
    );
  });

  test.each([
    ["station", /cannot be shown by "station"; expected lead_hours, init_time, valid_time/],
    ["constructor", /cannot be shown by "constructor"/],
    ["valid_time", /none of the 2 rows keeps valid_time; try --by lead_hours or init_time/],
  ])("by %s is refused", (by, message) => {
    const rows = [...byLead("a", 1, [0]), ...byRun("a", [1])];
    expect(() => text(rows, 80, by)).toThrowError(
      expect.objectContaining({ tag: "Options", message: expect.stringMatching(message) }),
    );
  });

  test("colour only when asked", () => {
    const rows = byLead("a", 1, [0]);
    const coloured = resultTable(rows, { width: 80, colour: true });
    expect(coloured).toContain("\x1b[1mCase 1");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(resultTable(rows, { width: 80, colour: false }));
    expect(resultTable(rows, { width: 80, colour: false })).not.toContain("\x1b");
  });

  test("no rows", () => expect(text([])).toEqual(["no rows"]));
});

describe("numbers", () => {
  test.each([
    [1.005, "K", "1.00"],
    [-1.255, "K", "−1.25"],
    [-0.001, "K", "0.00"],
    [-0, "K", "0.00"],
    [6, "h", "6.0"],
    [0.12345, "1", "0.123"],
    [1, "1", "1.000"],
    [200855, "1", "200855"],
    [-3, "1", "−3"],
    [101325.4, "Pa", "101325"],
    [1234.5, "J kg-1", "1235"],
    [123.45, "J kg-1", "123.5"],
    [0.012345, "kg kg-1", "0.0123"],
    [-0.000012345, "kg kg-1", "−1.23e−5"],
    [Number.NaN, "K", "NaN"],
    [Number.NEGATIVE_INFINITY, "K", "−∞"],
  ])("%d %s", (value, unit, expected) => expect(valueText(value, unit)).toBe(expected));

  test("counts", () => {
    expect([0, 9999, 10_000, 123_456, 1_234_567, 45_678_901, 2e9].map(countText)).toEqual([
      "0",
      "9999",
      "10.0k",
      "123k",
      "1.23M",
      "45.7M",
      "2.00G",
    ]);
    expect([countRange([5, 3, 9]), countRange([4, 4])]).toEqual(["3–9", "4"]);
  });

  test("times", () => {
    expect([timeText(start), timeText(start + 90 * 60_000)]).toEqual(["2024-07-01 00Z", "2024-07-01 01:30Z"]);
  });
});
