/**
 * Whole runs over small stores of many forms: what is read in parts of chunks, cut in bands, by files or by requests,
 * gives the rows of a run that reads all chunks whole, to the bit; and every buffer is given back.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cases, eachCase, pairs, type Row, type Run, score } from "ewb";
import { durationMeanError, meanAbsoluteError, meanError, rootMeanSquaredError } from "ewb/metrics";
import fc from "fast-check";
import Blosc from "numcodecs/blosc";
import { lastValueFrom, NEVER, type Observable, takeUntil, timer, toArray } from "rxjs";
import { expect, test, vi } from "vitest";
import type { Source } from "../../src/model/source.ts";
import { MemoryBudget } from "../../src/operators/flow/budget.ts";
import { chunkCache } from "../../src/runtime/chunkCache.ts";
import { createRun } from "../../src/runtime/createRun.ts";
import type { RunMemory } from "../../src/runtime/runMemory.ts";
import { dataSetOf } from "../golden/program.ts";
import { type Answer, giveBytes, serve } from "../sources/stores/server.ts";
import { type CountedBuffers, countedBuffers } from "./countedBuffers.ts";

/** Whether chunks may be read in parts, and how many were. */
const parts = vi.hoisted(() => ({ on: true, read: 0 }));
vi.mock(import("../../src/sources/zarr/chunkPart.ts"), async (original) => {
  const { wantedPart } = await original();
  return {
    wantedPart(...asked) {
      const part = parts.on ? wantedPart(...asked) : undefined;
      if (part !== undefined) parts.read += 1;
      return part;
    },
  };
});
/** Nothing is remembered where chunks are read whole. */
vi.mock(import("../../src/sources/grid/touched.ts"), async (original) => {
  const { touchedBy } = await original();
  return {
    touchedBy(...made) {
      const remembered = touchedBy(...made);
      return (...asked) => (parts.on ? remembered : touchedBy(...made))(...asked);
    },
  };
});

const [rows, columns] = [61, 120];
const lengths: Readonly<Record<string, number>> = {
  time: 6,
  init: 2,
  lead: 3,
  member: 2,
  level: 3,
  latitude: rows,
  longitude: columns,
};
const levels = [1000, 850, 500];

const dtype = fc.constantFrom("f4", "f4", "f4", "f2", "f8", "i2");
const codec = fc.oneof(
  fc.constant(undefined),
  fc.record({
    cname: fc.constantFrom("lz4", "lz4", "lz4hc", "blosclz", "zstd", "zlib"),
    clevel: fc.constantFrom(0, 1, 5, 9),
    shuffle: fc.constantFrom(0, 1, 1, 2),
    blocksize: fc.constantFrom(0, 4096, 5000, 30_000, 65_536, 262_144),
  }),
);
const forms = fc.record({
  format: fc.constantFrom<2 | 3>(2, 3),
  type: dtype,
  big: fc.boolean(),
  codec,
  dims: fc.constantFrom<readonly string[]>(
    ["init", "lead", "member", "level", "latitude", "longitude"],
    ["init", "level", "lead", "latitude", "longitude"],
    ["lead", "init", "level", "longitude", "latitude"],
    ["init", "latitude", "level", "longitude", "lead"],
    ["level", "latitude", "longitude", "init", "lead"],
  ),
  /** By dimension, whether a chunk holds all of it. */
  whole: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  rows: fc.constantFrom(rows, rows, 40, 7),
  columns: fc.constantFrom(columns, columns, columns, 50),
  /** How much of the values is noise, and of the chunks absent. */
  noise: fc.constantFrom(0, 0.1, 1),
  absent: fc.constantFrom(0, 0, 0.3),
  absentAs: fc.constantFrom<"missing" | "fill">("missing", "fill"),
  fill: fc.constantFrom(null, 0, -32_768),
  seed: fc.nat(1e6),
});
type Form = typeof forms extends fc.Arbitrary<infer T> ? T : never;

const random = (seed: number) => {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
};

/** A number between 200 and 330 as bytes of an element; a few of them are missing. */
const writer = ({ type, big, noise, fill, seed }: Form) => {
  const next = random(seed);
  const width = Number(type[1]);
  const little = !big;
  const write = (view: DataView, at: number, i: number) => {
    const value = 260 + 40 * Math.sin(i / 97) + (next() < noise ? 20 * next() : 0);
    const isMissing = next() < 0.01;
    if (type === "f4") view.setFloat32(at, isMissing ? (fill ?? Number.NaN) : value, little);
    else if (type === "f8") view.setFloat64(at, isMissing ? Number.NaN : value, little);
    else if (type === "i2") view.setInt16(at, isMissing ? -32_768 : Math.round((value - 260) * 100), little);
    // A half of 256 to 384: its exponent, and ten bits.
    else view.setUint16(at, isMissing ? 0x7e00 : 0x5c00 | (Math.floor((value - 200) * 4) & 0x3ff), little);
  };
  return { width, write };
};

const put = (folder: string, key: string, content: Uint8Array | object) => {
  mkdirSync(dirname(join(folder, key)), { recursive: true });
  writeFileSync(join(folder, key), content instanceof Uint8Array ? content : JSON.stringify(content));
};

interface Stored {
  readonly name: string;
  readonly dims: readonly string[];
  readonly chunks: readonly number[];
  readonly type: string;
  readonly big: boolean;
  readonly codec: Form["codec"];
  readonly fill: number | null;
  readonly attributes: object;
}

const kinds: Readonly<Record<string, string>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i2: "int16",
};

const documentOf = (format: 2 | 3, { name, dims, chunks, type, big, codec, fill, attributes }: Stored) => {
  const shape = dims.map((dim) => lengths[dim]!);
  if (format === 2) {
    return {
      [`${name}/.zarray`]: {
        zarr_format: 2,
        ...{ shape, chunks, filters: null, order: "C", fill_value: fill },
        dtype: `${big ? ">" : "<"}${type}`,
        compressor: codec === undefined ? null : { id: "blosc", ...codec },
      },
      [`${name}/.zattrs`]: { _ARRAY_DIMENSIONS: dims, ...attributes },
    };
  }
  const shuffle = ["noshuffle", "shuffle", "bitshuffle"][codec?.shuffle ?? 0];
  return {
    [`${name}/zarr.json`]: {
      ...{ zarr_format: 3, node_type: "array", shape, data_type: kinds[type], attributes },
      dimension_names: dims,
      chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: fill ?? (type === "i2" ? 0 : "NaN"),
      codecs: [
        { name: "bytes", configuration: { endian: big ? "big" : "little" } },
        ...(codec === undefined
          ? []
          : [{ name: "blosc", configuration: { ...codec, shuffle, typesize: 4 } }]),
      ],
    },
  };
};

/** Writes a store whose array `u` is of that form; the other arrays are its coordinates. */
const writeStore = async (folder: string, form: Form, dims: readonly string[]): Promise<void> => {
  const { format, type, big, whole, fill, codec } = form;
  const sizes: Readonly<Record<string, number>> = {
    ...Object.fromEntries(
      ["init", "time", "lead", "member", "level"].map((dim, i) => [dim, whole[i % 4] ? lengths[dim]! : 1]),
    ),
    ...{ latitude: form.rows, longitude: form.columns },
  };
  const packed = type === "i2" ? { scale_factor: 0.01, add_offset: 260, _FillValue: -32_768 } : {};
  const coordinates = {
    time: [[0, 6, 12, 18, 24, 30], { units: "hours since 2020-07-01", standard_name: "time" }],
    init: [[0, 6], { units: "hours since 2020-07-01", standard_name: "forecast_reference_time" }],
    lead: [[0, 6, 12], { units: "hours", standard_name: "forecast_period" }],
    member: [[0, 1], { standard_name: "realization" }],
    level: [levels, { units: "hPa", standard_name: "air_pressure" }],
    latitude: [Array.from({ length: rows }, (_, i) => 90 - 3 * i), { units: "degrees_north" }],
    longitude: [Array.from({ length: columns }, (_, i) => 3 * i), { units: "degrees_east" }],
  } as const;
  const arrays: Stored[] = dims.map((dim) => ({
    ...{ name: dim, dims: [dim], chunks: [lengths[dim]!], type: "f8", big: false, codec: undefined },
    ...{ fill: null, attributes: coordinates[dim as keyof typeof coordinates][1] },
  }));
  const u: Stored = {
    ...{ name: "u", dims, chunks: dims.map((dim) => sizes[dim]!), type, big, codec },
    ...{ fill: type === "f2" ? null : fill, attributes: { units: "K", ...packed } },
  };
  const documents = Object.assign({}, ...[...arrays, u].map((array) => documentOf(format, array)));
  for (const [key, document] of Object.entries<object>(documents)) put(folder, key, document);
  if (format === 2) {
    const metadata = { ".zgroup": { zarr_format: 2 }, ".zattrs": {}, ...documents };
    put(folder, ".zgroup", { zarr_format: 2 });
    put(folder, ".zmetadata", { zarr_consolidated_format: 1, metadata });
  } else {
    const inline = Object.entries(documents).map(([key, one]) => [key.split("/")[0]!, one]);
    put(folder, "zarr.json", {
      ...{ zarr_format: 3, node_type: "group", attributes: {} },
      consolidated_metadata: {
        ...{ kind: "inline", must_understand: false },
        metadata: Object.fromEntries(inline),
      },
    });
  }
  const keyOf = (name: string, place: readonly number[]) =>
    format === 2 ? `${name}/${place.join(".")}` : `${name}/c/${place.join("/")}`;
  for (const dim of dims) {
    const values = Float64Array.from(coordinates[dim as keyof typeof coordinates][0]);
    put(folder, keyOf(dim, [0]), new Uint8Array(values.buffer));
  }
  const { width, write } = writer(form);
  const drop = random(form.seed + 7);
  const encoder = codec === undefined ? undefined : Blosc.fromConfig(codec);
  const counts = dims.map((dim, i) => Math.ceil(lengths[dim]! / u.chunks[i]!));
  const elements = u.chunks.reduce((product, length) => product * length, 1);
  for (let chunk = 0; chunk < counts.reduce((product, count) => product * count, 1); chunk++) {
    let rest = chunk;
    const place = counts.toReversed().map((count) => {
      const at = rest % count;
      rest = Math.floor(rest / count);
      return at;
    });
    const bytes = new Uint8Array(elements * width);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < elements; i++) write(view, i * width, i + chunk * 31);
    if (drop() < form.absent) continue;
    put(folder, keyOf("u", place.reverse()), (await encoder?.encode(bytes)) ?? bytes);
  }
};

const [low, high] = ["air_temperature_low", "air_temperature_high"];
const units = { [low]: "K", [high]: "K" };

const sourceOf = (role: "forecast" | "target", address: string, form: Form, member: "mean" | 1): Source => ({
  ...{ role, name: role, format: "zarr", address, variables: units, absent: form.absentAs, member },
  mapping: { [low]: { name: "u", at: { level: 850 } }, [high]: { name: "u", at: { level: 500 } } },
});

const scored = (run: Run): Observable<Row> => {
  const [forecast] = run.sources("forecast", units);
  const targets = run.sources("target", units);
  return cases(run).pipe(
    eachCase(run, (event) =>
      pairs(run, event, { forecast: forecast!, targets, variables: [low, high] }).pipe(
        score(
          run,
          meanError(low),
          rootMeanSquaredError(high, { keep: ["init_time", "lead_time"] }),
          meanAbsoluteError(high, { weights: "none" }),
          durationMeanError(low, { above: "265 K" }),
        ),
      ),
    ),
  );
};

const memoryOf = (buffers: CountedBuffers, limit: number, most: number) => {
  const chunks = chunkCache(buffers);
  const budget = new MemoryBudget(limit, { chunks, most });
  chunks.onFreed = () => budget.freed();
  const state = () => ({ states: budget.kept });
  const memory = { budget, chunks, buffers, workspace: () => buffers.workspace(), state };
  return { budget, chunks, memory: memory as unknown as RunMemory };
};

/** Rows and failures of one run, given up after so many milliseconds; nothing is left behind. */
const outcome = async (
  sources: readonly [Source, Source],
  region: object,
  limit: number,
  most: number,
  patience?: number,
) => {
  const buffers = countedBuffers();
  const { budget, chunks, memory } = memoryOf(buffers, limit, most);
  const event = { id: 1, title: "a case", type: "heat_wave", region };
  const time = { start: Date.UTC(2020, 6, 1), end: Date.UTC(2020, 6, 2) };
  const data = dataSetOf({
    cases: [{ ...event, ...time }],
    forecasts: [sources[0]],
    targets: [sources[1]],
  } as never);
  const run = await createRun({ data, out: tmpdir() }, { memory });
  try {
    const given = patience === undefined ? NEVER : timer(patience);
    const found = await lastValueFrom(scored(run).pipe(takeUntil(given), toArray()), { defaultValue: [] });
    const left = () => {
      chunks.drop(Number.POSITIVE_INFINITY);
      return [budget.used - budget.kept, buffers.out, chunks.held, chunks.cached];
    };
    // What was read for those that are gone comes late.
    for (let i = 0; i < 200 && patience !== undefined && left().some((bytes) => bytes !== 0); i++)
      await new Promise((later) => setTimeout(later, 10));
    expect([...left(), buffers.faults]).toEqual([0, 0, 0, 0, []]);
    const text = found.map((row) =>
      JSON.stringify(row, (_, v) => (typeof v === "number" ? (Object.is(v, -0) ? "-0" : String(v)) : v)),
    );
    return {
      rows: text.sort(),
      gaps: run.gaps.map((gap) => JSON.stringify(gap)).sort(),
      failures: run.failures.map(({ tag, message }) => `${tag}: ${message}`),
    };
  } finally {
    await run[Symbol.asyncDispose]();
  }
};

/** Servers that know ranges, that do not, and that do not say how long an object is. */
const servers: Readonly<Record<string, (give: Answer) => Answer>> = {
  ranges: (give) => give,
  wholes: (give) => (request, response) => {
    delete request.headers.range;
    give(request, response);
  },
  "no total": (give) => (request, response) => {
    const { writeHead } = response;
    response.writeHead = ((status: number, headers: Record<string, unknown>) => {
      const range = headers?.["content-range"];
      const told = typeof range === "string" ? { "content-range": range.replace(/\/\d+$/, "/*") } : {};
      return writeHead.call(response, status, { ...headers, ...told } as never);
    }) as never;
    give(request, response);
  },
};

const runs = Number(process.env.RANDOM_STORES ?? 12);

const questions = fc.record({
  forecast: forms,
  target: forms,
  member: fc.constantFrom<"mean" | 1>("mean", 1),
  south: fc.integer({ min: -90, max: 80 }),
  height: fc.constantFrom(4, 20, 60, 180),
  west: fc.integer({ min: -180, max: 170 }),
  width: fc.constantFrom(10, 60, 200, 360),
  most: fc.constantFrom(1e9, 1.2e6, 5e5, 3e5),
  limit: fc.constantFrom(1e9, 1e6, 1),
  server: fc.constantFrom(undefined, ...Object.keys(servers)),
});
type Question = typeof questions extends fc.Arbitrary<infer T> ? T : never;

/** Works on the two stores of a question, in a folder or behind a server. */
const asked = async (
  { forecast, target, member, south, height, west, width, server }: Question,
  work: (sources: readonly [Source, Source], region: object) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-random-"));
  const give: Answer = (request, response) => {
    const path = join(folder, decodeURIComponent(request.url!));
    if (existsSync(path)) giveBytes(readFileSync(path))(request, response);
    else response.writeHead(404).end();
  };
  const web = server === undefined ? undefined : await serve(servers[server]!(give));
  try {
    const ofTarget = ["time", ...forecast.dims.filter((dim) => !["init", "lead", "member"].includes(dim))];
    await writeStore(join(folder, "forecast"), forecast, forecast.dims);
    await writeStore(join(folder, "target"), target, ofTarget);
    const at = (name: string) => (web === undefined ? join(folder, name) : `${web.url}/${name}`);
    const east = width === 360 ? west + 360 : west + width > 180 ? west + width - 360 : west + width;
    await work(
      [
        sourceOf("forecast", at("forecast"), forecast, member),
        sourceOf("target", at("target"), target, member),
      ],
      { south, north: Math.min(90, south + height), west, east },
    );
  } finally {
    await web?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
};

test("rows of parts of chunks are those of whole chunks", { timeout: runs * 20_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(questions, (question) =>
      asked(question, async (sources, region) => {
        parts.on = false;
        const wanted = await outcome(sources, region, 1e9, 1e9);
        parts.on = true;
        expect(wanted.failures).toEqual([]);
        expect(await outcome(sources, region, 1e9, 1e9)).toEqual(wanted);
        const small = await outcome(sources, region, question.limit, question.most);
        const isRefused = small.failures.length > 0 && small.failures.every((one) => /^OverBudget/.test(one));
        if (!isRefused) expect(small).toEqual(wanted);
        compared += wanted.rows.length;
      }),
    ),
    { numRuns: runs },
  );
  expect(compared).toBeGreaterThan(0);
  expect(parts.read).toBeGreaterThan(0);
});

test("a run that is given up leaves nothing behind", { timeout: runs * 20_000 }, async () => {
  const patience = fc.nat(60);
  await fc.assert(
    fc.asyncProperty(questions, patience, (question, milliseconds) =>
      asked(question, async (sources, region) => {
        await outcome(sources, region, question.limit, question.most, milliseconds);
      }),
    ),
    { numRuns: runs },
  );
});
