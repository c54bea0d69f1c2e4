/** Cases over one web store that need different parts of the same chunks: each chunk is asked for once. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { lastValueFrom, toArray } from "rxjs";
import { expect, test } from "vitest";
import type { Row } from "../../src/model/row.ts";
import { stream } from "../../src/runtime/stream.ts";
import { cache, temporary } from "../cli/ewb.ts";
import { giveBytes, serve } from "../sources/stores/server.ts";

const [height, width] = [121, 360];
const [inits, leads] = [4, 6];
const begin = Date.UTC(2021, 5, 20) / 3_600_000;

const bytesOf = (values: Float64Array | Float32Array) => new Uint8Array(values.buffer);
const text = (value: object) => new TextEncoder().encode(JSON.stringify(value));

/** A store of raw chunks, one a time: 174 KB each. */
const store = (dims: readonly string[], coordinates: Readonly<Record<string, Float64Array>>) => {
  const lengths = dims.map((dim) => coordinates[dim]!.length);
  const files = new Map<string, Uint8Array>();
  const array = (
    name: string,
    shape: readonly number[],
    chunks: readonly number[],
    dtype: string,
    attrs: object,
  ) => {
    const rest = { compressor: null, filters: null, fill_value: null, order: "C", zarr_format: 2 };
    files.set(`${name}/.zarray`, text({ shape, chunks, dtype, ...rest }));
    files.set(`${name}/.zattrs`, text(attrs));
  };
  files.set(".zgroup", text({ zarr_format: 2 }));
  const lat = Float64Array.from({ length: height }, (_, i) => 60 - i);
  const lon = Float64Array.from({ length: width }, (_, i) => i);
  const all: Record<string, Float64Array> = { ...coordinates, latitude: lat, longitude: lon };
  for (const [name, values] of Object.entries(all)) {
    const units = name === "time" ? "hours since 1970-01-01" : name === "lead" ? "hours" : undefined;
    const standard = name === "lead" ? "forecast_period" : name;
    const attrs = { _ARRAY_DIMENSIONS: [name], standard_name: standard, ...(units ? { units } : {}) };
    array(name, [values.length], [values.length], "<f8", attrs);
    files.set(`${name}/0`, bytesOf(values));
  }
  const ones = dims.map(() => 1);
  array("t2m", [...lengths, height, width], [...ones, height, width], "<f4", {
    _ARRAY_DIMENSIONS: [...dims, "latitude", "longitude"],
    units: "K",
  });
  const count = lengths.reduce((product, length) => product * length, 1);
  for (let n = 0; n < count; n++) {
    const place = lengths.map((length, i) => {
      const step = lengths.slice(i + 1).reduce((product, one) => product * one, 1);
      return Math.floor(n / step) % length;
    });
    const values = Float32Array.from({ length: height * width }, (_, i) => 280 + ((i * 7 + n * 13) % 40) / 4);
    files.set(`t2m/${place.join(".")}.0.0`, bytesOf(values));
  }
  return files;
};

const hours = (count: number, from = 0) => Float64Array.from({ length: count }, (_, i) => from + 6 * i);

const caseFile = `
- { case_id_number: 1, title: one, start_date: 2021-06-20 00:00:00, end_date: 2021-06-22 00:00:00, event_type: heat_wave,
    location: { type: bounded_region, parameters: { latitude_min: 30, latitude_max: 50, longitude_min: 10, longitude_max: 30 } } }
- { case_id_number: 2, title: two, start_date: 2021-06-20 12:00:00, end_date: 2021-06-22 00:00:00, event_type: heat_wave,
    location: { type: bounded_region, parameters: { latitude_min: 35, latitude_max: 45, longitude_min: 100, longitude_max: 120 } } }
- { case_id_number: 3, title: three, start_date: 2021-06-20 06:00:00, end_date: 2021-06-21 12:00:00, event_type: heat_wave,
    location: { type: bounded_region, parameters: { latitude_min: 20, latitude_max: 42, longitude_min: 200, longitude_max: 230 } } }
`;

test("cases that need parts of the same chunks of a web store ask for each once, and say what each says alone", async () => {
  const stores: Record<string, ReadonlyMap<string, Uint8Array>> = {
    "forecast.zarr": store(["time", "lead"], { time: hours(inits, begin), lead: hours(leads) }),
    "analysis.zarr": store(["time"], { time: hours(inits + leads, begin) }),
  };
  await using server = await serve((request, response) => {
    const [, name = "", ...key] = request.url!.split("/");
    const bytes = stores[name]?.get(key.join("/"));
    if (bytes === undefined) response.writeHead(404).end();
    else giveBytes(bytes)(request, response);
  });
  const run = async (cases?: readonly number[]) => {
    const out = temporary();
    const data = join(out, "web.yaml");
    writeFileSync(join(out, "cases.yaml"), caseFile);
    const variables = "variables: { surface_air_temperature: { name: t2m, unit: K } }";
    writeFileSync(
      data,
      `name: web
cases: cases.yaml
forecasts: [{ name: model, zarr: "${server.url}/forecast.zarr", ${variables} }]
targets: [{ name: analysis, zarr: "${server.url}/analysis.zarr", ${variables} }]
`,
    );
    const before = server.asked.length;
    const options = { cache, out, data, workers: 0, ...(cases ? { select: { cases } } : {}) };
    const rows = await lastValueFrom(stream(resolve("pipelines/heatwave.ts"), options).pipe(toArray()));
    const chunks = server.asked.slice(before).flatMap((one) => /\/t2m\/[\d.]+/.exec(one)?.[0] ?? []);
    return { rows: rows as Row[], chunks };
  };
  const [all, alone] = [await run(), await run([2])];
  const texts = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(new Set(all.rows.map((row) => row.case_id)).size).toBe(3);
  expect(texts(all.rows.filter((row) => row.case_id === 2))).toEqual(texts(alone.rows));
  const needed = new Set(all.chunks).size;
  expect(needed).toBeGreaterThan(25);
  // A request that is answered late on a busy machine is made again.
  expect(all.chunks.length).toBeLessThan(1.15 * needed);
});
