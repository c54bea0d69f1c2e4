/** `--data public` against a server with stores of the public layouts; gs:// leads there by STORAGE_EMULATOR_HOST. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, temporary } from "../cli/ewb.ts";
import { giveBytes, serve, type TestServer } from "../sources/stores/server.ts";
import {
  climateAddress,
  era5Address,
  hresAddress,
  latitude,
  longitude,
  type Objects,
  putClimate,
  putEra5,
  putHres,
} from "./stores.ts";

const hour = 3_600_000;
const start = Date.UTC(2022, 5, 30);
const end = Date.UTC(2022, 6, 2);
const pipeline = resolve("pipelines/heatwave.ts");

const caseFile = join(temporary(), "texas.yaml");
writeFileSync(
  caseFile,
  `- case_id_number: 4
  title: Texas, in short
  start_date: 2022-06-30 00:00:00
  end_date: 2022-07-02 00:00:00
  location:
    type: bounded_region
    parameters: { latitude_min: 20.0, latitude_max: 45.0, longitude_min: -110.0, longitude_max: -80.0 }
  event_type: heat_wave
`,
);

/** Cells of the grid inside the region. */
const cells =
  latitude.filter((y) => 20 <= y && y <= 45).length * longitude.filter((x) => 250 <= x && x <= 280).length;

/** Valid times of the case by lead: runs are at 00 and 12 UTC. */
const timesOf = (lead: number): number => {
  let count = 0;
  for (let time = start; time <= end; time += 6 * hour)
    if ((time - lead * hour) % (12 * hour) === 0) count += 1;
  return count;
};

describe("--data public", () => {
  let server: TestServer;
  let objects: Objects;
  /** Keys that are answered with this status, so many times. */
  const faults = new Map<string, { readonly status: number; left: number }>();

  beforeAll(async () => {
    server = await serve((request, response) => {
      const key = decodeURIComponent(request.url!.slice(1));
      const fault = faults.get(key);
      if (fault !== undefined && fault.left > 0) {
        fault.left -= 1;
        response.writeHead(fault.status, { "retry-after": "0" }).end();
        return;
      }
      const bytes = objects.get(key);
      if (bytes === undefined) response.writeHead(404).end();
      else giveBytes(bytes, `"${key.length}-${bytes.length}"`)(request, response);
    });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const fill = (leads: "hours" | "nanoseconds", error: (lead: number) => number): void => {
    objects = new Map();
    faults.clear();
    server.asked.length = 0;
    putEra5(objects, start, end);
    putHres(objects, { start, end, leads, error });
    putClimate(objects, 181, 183);
  };
  const publicRun = async (command: "stream" | "plan", file: string, ...args: string[]) => {
    const out = temporary();
    const outcome = await ewb(
      [
        command,
        file,
        "--data",
        "public",
        ...(command === "stream" ? ["--out", out, "--workers", "0"] : []),
        ...args,
      ],
      { env: { STORAGE_EMULATOR_HOST: server.url.replace("http://", "") } },
    );
    const rows = async (name = "heatwave.parquet") => (await readRows(join(out, name))).rows;
    return { ...outcome, rows };
  };
  const eraKey = (time: number) =>
    `${era5Address}/2m_temperature/${(time - Date.UTC(1900, 0, 1)) / hour}.0.0`;
  const hresKey = (run: number, lead: number) =>
    `${hresAddress}/2m_temperature/${(run - Date.UTC(2016, 0, 1)) / (12 * hour)}.${lead / 6}.0.0`;

  test.each(["hours", "nanoseconds"] as const)(
    "a perfect forecast has no error (leads in %s)",
    async (leads) => {
      fill(leads, () => 0);
      const { code, err, rows } = await publicRun("stream", pipeline, "--cases", caseFile);
      expect(code, err).toBe(0);
      const found = await rows();
      expect(new Set(found.map(({ metric }) => metric)).size).toBe(6);
      for (const { forecast, target, case_id, metric, init_time, value, n } of found) {
        expect([forecast, target, case_id]).toEqual(["HRES", "ERA5", 4]);
        // Made-up days have no nights; a run that begins or ends within the case may not see its peak.
        if (metric === "warmest-night error" || Number.isNaN(value)) continue;
        const whole = init_time === null || (init_time <= start && init_time + 240 * hour >= end);
        if (n > 0 && whole) expect(value, metric).toBe(0);
      }
      const rmse = found.filter(({ metric }) => metric === "root mean squared error");
      expect(rmse.map(({ lead_hours }) => lead_hours)).toEqual(Array.from({ length: 41 }, (_, i) => 6 * i));
      for (const { lead_hours, n } of rmse) expect(n).toBe(cells * timesOf(lead_hours!));
      expect(
        server.asked.filter((key) => key.startsWith(`/${climateAddress}/2m_temperature/5.`)),
      ).not.toEqual([]);
    },
  );

  test("an error by lead comes out by lead, and each chunk is asked for once", async () => {
    fill("hours", (lead) => lead / 16 - 2);
    const { code, err, rows } = await publicRun(
      "stream",
      pipeline,
      "--cases",
      caseFile,
      "--metric",
      "bias,rmse",
    );
    expect(code, err).toBe(0);
    const found = await rows();
    expect(found).toHaveLength(2 * 41);
    for (const { metric, lead_hours, value } of found) {
      const wrong = lead_hours! / 16 - 2;
      expect(value).toBeCloseTo(metric === "mean error" ? wrong : Math.abs(wrong), 12);
    }
    const chunks = server.asked.filter((key) => /2m_temperature\/\d/.test(key));
    expect(new Set(chunks).size).toBe(chunks.length);
    const units = Array.from({ length: 41 }, (_, i) => timesOf(6 * i)).reduce((a, b) => a + b);
    expect(chunks.filter((key) => key.startsWith(`/${era5Address}`))).toHaveLength(9);
    expect(chunks.filter((key) => key.startsWith(`/${hresAddress}`))).toHaveLength(units);
  });

  test("opening costs a few requests, and none of data", async () => {
    fill("hours", () => 0);
    const { code, out, err } = await publicRun("plan", pipeline, "--cases", caseFile);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^ *4 Texas, in short +HRES +\d+ +\d+/m);
    expect(server.asked.filter((key) => /2m_temperature\/\d/.test(key))).toEqual([]);
    for (const address of [era5Address, hresAddress, climateAddress]) {
      const asked = server.asked.filter((key) => key.startsWith(`/${address}/`));
      expect(asked.length).toBeLessThanOrEqual(14);
      expect(new Set(asked).size).toBe(asked.length);
      // What is not asked for is not looked at.
      expect(asked.filter((key) => /wind|dewpoint|mask|\/level/.test(key))).toEqual([]);
    }
  });

  test("the packaged cases are those of the data set", async () => {
    fill("hours", () => 0);
    const { code, out, err } = await publicRun("plan", pipeline, "--cases", "4", "--leads", "24..24");
    expect(code, err).toBe(0);
    expect(out).toMatch(/^ *4 2022 Texas +HRES +37 /m);
  });

  test("an absent chunk is missing: n says so, nothing is zero", async () => {
    fill("hours", () => 1);
    objects.delete(eraKey(start + 24 * hour));
    objects.delete(hresKey(start, 12));
    const { code, err, rows } = await publicRun("stream", pipeline, "--cases", caseFile, "--metric", "bias");
    expect(code, err).toBe(0);
    const found = await rows();
    expect(found).toHaveLength(41);
    for (const { lead_hours, value, n } of found) {
      const whole = timesOf(lead_hours!);
      // The analysis lacks one time, which every lead of that parity has; the forecast one run at 12 h.
      const lacking =
        ((start + 24 * hour - lead_hours! * hour) % (12 * hour) === 0 ? 1 : 0) + (lead_hours === 12 ? 1 : 0);
      expect(n).toBe(cells * (whole - lacking));
      expect(value).toBeCloseTo(1, 12);
    }
  });

  test("a 503 is asked again, and changes nothing", async () => {
    fill("hours", (lead) => lead / 16);
    const calm = await publicRun("stream", pipeline, "--cases", caseFile, "--metric", "rmse");
    server.asked.length = 0;
    const busy = [eraKey(start), hresKey(start, 0), `${hresAddress}/.zmetadata`, `${era5Address}/time/0`];
    for (const [i, key] of busy.entries()) faults.set(key, { status: i % 2 === 0 ? 503 : 429, left: 1 });
    const { code, err, rows } = await publicRun("stream", pipeline, "--cases", caseFile, "--metric", "rmse");
    expect(code, err).toBe(0);
    for (const key of busy) expect(server.asked.filter((asked) => asked === `/${key}`)).toHaveLength(2);
    expect(await rows()).toEqual(await calm.rows());
  });

  test("a chunk that cannot be read withholds the case and says which it was", async () => {
    fill("hours", () => 0);
    const bad = hresKey(start, 24);
    objects.set(bad, objects.get(bad)!.slice(0, 100));
    const { code, err, rows } = await publicRun("stream", pipeline, "--cases", caseFile, "--metric", "rmse");
    expect(code).toBe(1);
    expect(err).toMatch(/failed: case 4, HRES, ERA5: .*gs:\/\/weatherbench2/);
    await expect(rows()).rejects.toThrow(/no such file/);
    const failures = await publicRun(
      "stream",
      pipeline,
      "--cases",
      caseFile,
      "--metric",
      "rmse",
      "--max-missing",
      "5%",
    );
    expect(failures.code).toBe(1);
    const found = await failures.rows();
    expect(found.every(({ status }) => status === "partial")).toBe(true);
    expect(found.find(({ lead_hours }) => lead_hours === 24)!.n).toBe(cells * (timesOf(24) - 1));
  });

  test("a variable on a pressure level", async () => {
    fill("hours", () => 0.5);
    const file = join(temporary(), "level.ts");
    writeFileSync(
      file,
      `import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { era5, hres } from "ewb/catalog";
import { meanError } from "ewb/metrics";

export default (run: Run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      pairs(run, event, { forecast: hres, targets: [era5], variables: ["air_temperature_850"] }).pipe(
        score(run, meanError("air_temperature_850")),
      ),
    ),
    writeParquet(run, "level.parquet"),
  );
`,
    );
    const { code, err, rows } = await publicRun("stream", file, "--cases", caseFile, "--leads", "24..24");
    expect(code, err).toBe(0);
    expect((await rows("level.parquet")).map(({ level, value, n }) => ({ level, value, n }))).toEqual([
      { level: 850, value: 0.5, n: cells * timesOf(24) },
    ]);
  });
});
