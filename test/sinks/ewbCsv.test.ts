import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Row } from "../../src/model/row.ts";
import { datetimeTexts, floatText, timedeltaTexts } from "../../src/sinks/csv/pandasText.ts";
import { type EwbCsvOptions, ewbCsvLines, writeEwbCsv } from "../../src/sinks/csv/writeEwbCsv.ts";
import { describeShared, sharedPath } from "../shared.ts";
import { temporaryFolder } from "./folder.ts";
import { row } from "./rows.ts";

const folder = temporaryFolder();
const name = ({ metric }: Row) => metric;
const milliseconds = (text: string) => Date.parse(`${text}Z`);

interface CsvResult {
  readonly metric: string;
  readonly dim: "lead_time" | "init_time";
  readonly labels: readonly (number | string)[];
  readonly value: readonly (number | string | boolean)[];
  readonly dtype: "float64" | "float32" | "bool";
}

describeShared("text of the peer's result table", () => {
  const file = sharedPath("golden", "ewb-core", "units", "tables.json");
  const cases = JSON.parse(readFileSync(file, "utf8")) as {
    id: string;
    function: string;
    inputs: { results: CsvResult[] };
    expected: string;
  }[];
  const csv = cases.filter((some) => some.function === "csv");
  test("there are cases", () => expect(csv.length).toBeGreaterThan(0));

  test.each(csv)("$id", ({ id, inputs, expected }) => {
    const types = new Map<Row, CsvResult["dtype"]>();
    const rows = inputs.results.flatMap(({ metric, dim, labels, value, dtype }) =>
      labels.map((label, i) => {
        const some = row({
          metric,
          variable: "t",
          forecast: "F",
          target: "T",
          event_type: "e",
          lead_hours: dim === "lead_time" ? Number(label) : null,
          init_time: dim === "init_time" ? milliseconds(String(label)) : null,
          value: Number(value[i]),
        });
        types.set(some, dtype);
        return some;
      }),
    );
    // The file does not say that leads were integers; the case's name does.
    const options: EwbCsvOptions = {
      valueType: (some) => types.get(some)!,
      leads: id.includes("int-leads") ? "integer" : "timedelta",
    };
    expect([...ewbCsvLines(rows, name, options)].join("")).toBe(expected);
  });
});

interface Expected {
  readonly columns?: readonly string[];
  readonly dtypes?: Readonly<Record<string, string>>;
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
}

describeShared("text of whole runs", () => {
  const root = sharedPath("golden", "ewb-core");
  const ids = readdirSync(root).filter((id) => existsSync(join(root, id, "expected.csv")));
  const runs = ids.flatMap((id) => {
    const expected = JSON.parse(readFileSync(join(root, id, "expected.json"), "utf8")) as Expected;
    // Labels that mean nothing, and columns the table does not have, are other rooms' matter.
    const plain = expected.rows?.every(
      ({ placeholder, lead_time, init_time }) =>
        !placeholder && lead_time !== "NaN" && typeof init_time !== "number",
    );
    const known = expected.columns?.every((column) => column !== "valid_time_mask");
    return plain && known && expected.rows!.length > 0 ? [{ id, expected }] : [];
  });
  test("there are runs", () => expect(runs.length).toBeGreaterThan(0));

  test.each(runs)("$id", ({ id, expected }) => {
    const time = (label: unknown) =>
      typeof label === "string" && label !== "NaN" ? milliseconds(label) : null;
    const single = new Set<Row>();
    const truths = new Set<Row>();
    const text = readFileSync(join(root, id, "expected.csv"), "utf8");
    const lines = text.split("\n");
    const rows = expected.rows!.map((some, i) => {
      const value = some.value === null ? Number.NaN : Number(some.value);
      const made = row({
        value,
        lead_hours: typeof some.lead_time === "number" ? some.lead_time : null,
        init_time: time(some.init_time),
        valid_time: time(some.valid_time),
        variable: some.target_variable as string,
        metric: some.metric as string,
        forecast: some.forecast_source as string,
        target: some.target_source as string,
        case_id: some.case_id_number as number,
        event_type: some.event_type as string,
      });
      // A mixed table does not say which of its values were single; their texts do.
      if (typeof some.value === "boolean") truths.add(made);
      const shown = lines[i + 1]!.split(",")[0]!;
      if (!truths.has(made) && shown !== "" && shown !== floatText(value, "float64")) single.add(made);
      return made;
    });
    const frames = new Set(
      rows.filter((some) => single.has(some)).map(({ metric, target }) => metric + target),
    );
    const options: EwbCsvOptions = {
      valueType: (some) =>
        truths.has(some) ? "bool" : frames.has(some.metric + some.target) ? "float32" : "float64",
      leads: expected.dtypes?.lead_time?.startsWith("int") ? "integer" : "timedelta",
      validTime: expected.columns!.includes("valid_time"),
    };
    expect([...ewbCsvLines(rows, name, options)].join("")).toBe(text);
  });
});

describe("pandas texts", () => {
  test.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [3, "3.0"],
    [100, "100.0"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1.5e300, "1.5e+300"],
    [0.0001, "0.0001"],
    [0.00001234, "1.234e-05"],
    [-1234.5, "-1234.5"],
    [0.1 + 0.2, "0.30000000000000004"],
    [5e-324, "5e-324"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [Number.NaN, ""],
  ])("%d as float64", (value, text) => expect(floatText(value, "float64")).toBe(text));

  test.each([
    [0.6575548052787781, "0.6575548"],
    [16777216, "16777216.0"],
    [123456789, "123456790.0"],
    [0.1, "0.1"],
    [1e-45, "1e-45"],
    [3.4028234663852886e38, "3.4028235e+38"],
  ])("%d as float32", (value, text) => expect(floatText(value, "float32")).toBe(text));

  test("lengths of time", () => {
    const hour = 3_600_000;
    expect(timedeltaTexts([24 * hour, null, 0], false)).toEqual(["1 days", "", "0 days"]);
    expect(timedeltaTexts([24 * hour, null, 0], true)).toEqual(["1 days 00:00:00", "", "0 days 00:00:00"]);
    expect(timedeltaTexts([24 * hour, 1.5 * hour], false)).toEqual(["1 days 00:00:00", "0 days 01:30:00"]);
    expect(timedeltaTexts([-6 * hour, 250], false)).toEqual(["-1 days +18:00:00", "0 days 00:00:00.250000"]);
  });

  test("times", () => {
    expect(datetimeTexts([0, null], false)).toEqual(["1970-01-01", ""]);
    expect(datetimeTexts([0, -1], false)).toEqual(["1970-01-01 00:00:00", "1969-12-31 23:59:59.999000"]);
    expect(datetimeTexts([0], true)).toEqual(["1970-01-01 00:00:00"]);
  });
});

test("writeEwbCsv sorts by key and takes the peer's names", async () => {
  const path = join(folder, "ewb.csv");
  await writeEwbCsv(
    path,
    [row({ lead_hours: 12 }), row({ lead_hours: 6, forecast: "m,1" })],
    () => "RootMeanSquaredError",
  );
  expect(readFileSync(path, "utf8").split("\n").slice(1)).toEqual([
    '1.25,0 days 06:00:00,,surface_air_temperature,RootMeanSquaredError,"m,1",analysis,1,heat_wave',
    "1.25,0 days 12:00:00,,surface_air_temperature,RootMeanSquaredError,model,analysis,1,heat_wave",
    "",
  ]);
});
