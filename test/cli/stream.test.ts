import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
// @ts-expect-error: it has no types
import parquetjs from "parquetjs-lite";
import { beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, temporary } from "./ewb.ts";

const pipeline = resolve("pipelines/heatwave.ts");
const out = temporary();

/** Rows without what differs from run to run by its nature: nothing does. */
const rowsIn = async (folder: string) => (await readRows(join(folder, "heatwave.parquet"))).rows;

describe("ewb stream pipelines/heatwave.ts", () => {
  beforeAll(async () => {
    const {
      code,
      out: text,
      err,
    } = await ewb(["stream", pipeline, "--out", out, "--workers", "0", "--csv", "--arrow", "--ewb-csv"]);
    expect(err + text, err).toContain("heatwave.parquet");
    expect(code, err).toBe(0);
  }, 60_000);

  test("ends with a table, and says which data it used in its first line", async () => {
    const { out: text, err } = await ewb([
      "stream",
      pipeline,
      "--out",
      temporary(),
      "--metric",
      "rmse",
      "--cases",
      "1",
    ]);
    expect(err.split("\n")[0]).toMatch(/data set: sample/);
    expect(text).toMatch(/Case 1/);
    expect(text).toMatch(/root mean squared error, K/);
    expect(text).not.toMatch(/mean error, K/);
  });

  test("is read by DuckDB", async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const file = join(out, "heatwave.parquet");
    const reader = await connection.runAndReadAll(
      `select count(*)::int as n, count(distinct forecast)::int as forecasts, min(init_time)::varchar as first,
              sum(case when metric = 'root mean squared error' and lead_hours = 0 and isnan(value) then 1 else 0 end)::int as bad
       from '${file}'`,
    );
    expect(reader.getRowObjects()).toEqual([
      { n: (await rowsIn(out)).length, forecasts: 2, first: expect.stringMatching(/^20\d\d-/), bad: 0 },
    ]);
  });

  test("is read by parquetjs-lite", async () => {
    const reader = await parquetjs.ParquetReader.openFile(join(out, "heatwave.parquet"));
    const cursor = reader.getCursor();
    const first = (await cursor.next()) as Record<string, unknown>;
    expect(first.forecast).toBe("sample-model-a");
    expect(typeof first.value).toBe("number");
    expect(Number(reader.getRowCount())).toBe((await rowsIn(out)).length);
    await reader.close();
  });

  test("a perfect score nowhere, errors grow with lead, every row says n", async () => {
    const rows = await rowsIn(out);
    const rmse = rows.filter(
      ({ metric, target }) => metric === "root mean squared error" && target === "sample-era5",
    );
    const at = (forecast: string, lead: number) =>
      rmse.find((row) => row.case_id === 1 && row.forecast === forecast && row.lead_hours === lead)!.value;
    expect(at("sample-model-a", 0)).toBeGreaterThan(0);
    expect(at("sample-model-a", 120)).toBeGreaterThan(2 * at("sample-model-a", 0));
    expect(at("sample-model-b", 120)).toBeGreaterThan(at("sample-model-a", 120));
    expect(rows.every(({ n }) => Number.isInteger(n) && n >= 0)).toBe(true);
  });

  test.each([0, 1, 2])("gives the same file with %i workers", async (workers) => {
    const other = temporary();
    const { code, err } = await ewb(["stream", pipeline, "--out", other, "--workers", `${workers}`]);
    expect(code, err).toBe(0);
    expect(await rowsIn(other)).toEqual(await rowsIn(out));
  });

  test("gives the same rows in little memory", async () => {
    const other = temporary();
    const { code, err } = await ewb([
      "stream",
      pipeline,
      "--out",
      other,
      "--memory",
      "6MB",
      "--workers",
      "0",
    ]);
    expect(code, err).toBe(0);
    expect(await rowsIn(other)).toEqual(await rowsIn(out));
  });

  test("also writes CSV, Arrow and the nine columns of the peer", async () => {
    const rows = await rowsIn(out);
    const csv = readFileSync(join(out, "heatwave.csv"), "utf8").trim().split("\n");
    expect(csv.length).toBe(rows.length + 1);
    expect(csv[0]).toMatch(/^case_id,case_title,event_type,forecast,target,metric,variable,unit,/);
    const nine = readFileSync(join(out, "heatwave.ewb.csv"), "utf8").trim().split("\n");
    expect(nine[0]).toBe(
      "value,lead_time,init_time,target_variable,metric,forecast_source,target_source,case_id_number,event_type",
    );
    expect(nine.length).toBe(rows.length + 1);
    expect([...new Set(nine.slice(1).map((line) => line.split(",")[4]))].sort()).toEqual([
      "DurationMeanError",
      "MaximumLowestMeanAbsoluteError",
      "MaximumMeanAbsoluteError",
      "MeanError",
      "OnsetMeanError",
      "RootMeanSquaredError",
    ]);
    const { tableFromIPC } = await import("apache-arrow");
    expect(tableFromIPC(readFileSync(join(out, "heatwave.arrow"))).numRows).toBe(rows.length);
  });

  test("file metadata say what was run, on what, and how metrics are defined", async () => {
    const { metadata } = await readRows(join(out, "heatwave.parquet"));
    expect(metadata["ewb.command"]).toMatch(/^ewb stream /);
    expect(metadata["ewb.failures"]).toBe("0");
    expect(Object.keys(metadata).filter((key) => key.startsWith("ewb.metrics.")).length).toBe(6);
    expect(metadata["ewb.sources.sample-era5"]).toMatch(/era5\.zarr/);
    expect(metadata["ewb.pipeline"]).toMatch(/^[0-9a-f]{16}$/);
  });

  test("selections prune", async () => {
    const other = temporary();
    const args = [
      "--forecast",
      "sample-model-a",
      "--leads",
      "0..24",
      "--inits",
      "2023-01-01..2026-12-31",
      "--cases",
      "1",
      "--metric",
      "bias",
    ];
    const { code, err } = await ewb(["stream", pipeline, "--out", other, ...args]);
    expect(code, err).toBe(0);
    const rows = await rowsIn(other).catch(() => []);
    for (const row of rows) {
      expect(row).toMatchObject({ forecast: "sample-model-a", case_id: 1, metric: "mean error" });
      expect(row.lead_hours).toBeLessThanOrEqual(24);
    }
  });

  test("--json gives one event a line, from hello to end", async () => {
    const { out: text, code } = await ewb([
      "stream",
      pipeline,
      "--out",
      temporary(),
      "--json",
      "--metric",
      "rmse",
    ]);
    expect(code).toBe(0);
    const events = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: "hello", run: { data: "sample" } });
    expect(events.at(-1)).toMatchObject({ event: "end", state: "complete", failed: 0 });
    const last = events.filter(({ event }) => event === "tick").at(-1);
    expect(last.units.done).toBe(last.units.total);
    expect(last.bytes.read).toBeGreaterThan(1e6);
  });

  test("a case that fails is a line in the failures table and exit code 1; the others are whole", async () => {
    const other = temporary();
    const file = join(other, "cases.yaml");
    const good = readFileSync(join(sample(), "cases.yaml"), "utf8");
    writeFileSync(
      file,
      `${good}
- case_id_number: 99
  title: ends before it starts
  start_date: 2022-07-10 00:00:00
  end_date: 2022-07-01 00:00:00
  location: {type: bounded_region, parameters: {latitude_min: 45, latitude_max: 50, longitude_min: 0, longitude_max: 5}}
  event_type: heat_wave
`,
    );
    const { code, err } = await ewb([
      "stream",
      pipeline,
      "--out",
      other,
      "--cases",
      file,
      "--metric",
      "rmse",
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(/case 99/);
    expect(new Set((await rowsIn(other)).map(({ case_id }) => case_id))).toEqual(new Set([1, 2]));
    expect(existsSync(join(other, "heatwave.failures.parquet"))).toBe(true);
    expect(readdirSync(other).filter((name) => name.includes("tmp"))).toEqual([]);
    // A later run without failures takes the table of failures away.
    expect((await ewb(["stream", pipeline, "--out", other, "--metric", "rmse"])).code).toBe(0);
    expect(existsSync(join(other, "heatwave.failures.parquet"))).toBe(false);
  });

  test("Ctrl-C twice stops, publishes nothing, and leaves the old table", async () => {
    const other = temporary();
    const { code } = await ewb(["stream", pipeline, "--out", other, "--workers", "0", "--json"], {
      // From its first line on the run listens.
      with: (child) =>
        child.stdout!.once("data", () => {
          child.kill("SIGINT");
          setTimeout(() => child.kill("SIGINT"), 20);
        }),
    });
    expect(code).toBe(130);
    expect(existsSync(join(other, "heatwave.parquet"))).toBe(false);
  });

  test("Ctrl-C once publishes what is whole", async () => {
    const other = temporary();
    // So many that they cannot all be begun when the first is done.
    const text = readFileSync(join(sample(), "cases.yaml"), "utf8");
    const many = join(temporary(), "many.yaml");
    const times = Array.from({ length: 5 }, (_, i) =>
      text.replace(/case_id_number: (\d+)/g, (_, id) => `case_id_number: ${Number(id) + 100 * i}`),
    );
    writeFileSync(many, times.join("\n"));
    const args = [
      "stream",
      pipeline,
      "--cases",
      many,
      "--out",
      other,
      "--metric",
      "rmse",
      "--workers",
      "1",
      "--json",
    ];
    const { code, err } = await ewb(args, {
      with: (child) => {
        let killed = false;
        child.stdout!.on("data", (part) => {
          if (killed || !String(part).includes('"state":"done"')) return;
          killed = true;
          child.kill("SIGINT");
        });
      },
    });
    expect(err).toMatch(/what is whole is published/);
    expect(code).toBe(130);
    const rows = await rowsIn(other);
    const whole = (await rowsIn(out)).filter(({ metric }) => metric === "root mean squared error");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(times.length * whole.length);
    const known = new Set(whole.map((row) => JSON.stringify(row)));
    const first = rows.map((row) => ({ ...row, case_id: row.case_id % 100 }));
    expect(first.filter((row) => !known.has(JSON.stringify(row)))).toEqual([]);
  });
});

const sample = (): string => {
  const folder = resolve("node_modules/.cache/ewb-test");
  return join(folder, readdirSync(folder).find((name) => name.startsWith("sample-"))!);
};
