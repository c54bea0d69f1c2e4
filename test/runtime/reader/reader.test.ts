/** Whole runs of the built program: where there is a reader rows and failures are what they are without one. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bloscFrame } from "../../../bench/stores/bloscFrame.ts";
import { writeLinkedStore } from "../../../bench/stores/linkedStore.ts";
import { waveField } from "../../../bench/stores/waveField.ts";
import { coreAllowance } from "../../../src/runtime/machine/coreAllowance.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";
import { dataSet, globe } from "../../memory/stores.ts";
import { type Finished, story, streamed } from "../../memory/watched.ts";

/** A field of 1.04 MB a chunk; of a quarter of a degree it would be 4.15 MB. */
const degrees = 0.5;
const [inits, leads] = [3, 8];
const name = "2m_temperature";
const preload = pathToFileURL("test/runtime/reader/countedReaders.mjs").href;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "readers-"));
  const files = Array.from({ length: 4 }, (_, seed) => {
    const file = join(folder, `field-${seed}`);
    writeFileSync(file, bloscFrame(waveField({ degrees, seed, mean: 285, amplitude: 9, step: 2 ** -9 })));
    return file;
  });
  const common = { degrees, whole: [], name, units: "K", packed: "blosc" } as const;
  const steps = (count: number, step: number) => Array.from({ length: count }, (_, i) => i * step);
  const init = { name: "time", values: steps(inits, 12), units: "hours since 2021-06-01" };
  const lead = { name: "prediction_timedelta", values: steps(leads, 6), units: "hours" };
  const valid = { ...init, values: steps(2 * (inits - 1) + leads, 6) };
  const file = (number: number) => files[number % files.length]!;
  await writeLinkedStore(join(folder, "forecast.zarr"), {
    ...common,
    axes: [init, lead],
    chunks: init.values.flatMap((_, i) => lead.values.map((_, j) => ({ at: [i, j], file: file(5 * i + j) }))),
  });
  await writeLinkedStore(join(folder, "target.zarr"), {
    ...common,
    axes: [valid],
    chunks: valid.values.map((_, k) => ({ at: [k], file: file(3 * k + 1) })),
  });
  dataSet(folder, { forecast: folder }, [globe]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run, and what readers said: undefined where there was none. */
const ran = async (memory: string, workers: number, more: Readonly<Record<string, string>> = {}) => {
  const log = join(folder, `readers-${Math.random()}`);
  const env = { EWB_TEST_READERS: log, NODE_OPTIONS: `--import=${preload}`, ...more };
  const finished = await streamed({ data: join(folder, "data.yaml"), memory, workers, env });
  const said = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : undefined;
  return { ...finished, chunks: said?.filter((what) => what === "chunk").length };
};

/** Whether a thread that reads has a core beside one that computes. */
const hasCores = coreAllowance(thisSystem()).limit >= 2;
const expectReader = ({ chunks }: { readonly chunks: number | undefined }) => {
  if (hasCores) expect(chunks).toBeGreaterThan(0);
  else expect(chunks).toBeUndefined();
};
const failuresOf = ({ failures }: Finished) => failures.map((failure) => JSON.stringify(failure)).sort();

test("gives the same rows, in this thread and in a worker, and where the reader ends amid them", async () => {
  const without = await ran("300MB", 0);
  expect([without.code, without.chunks], story(without)).toEqual([0, undefined]);
  expect(without.rows).toMatch(/^[1-9]/);
  for (const workers of [0, 1]) {
    const found = await ran("1GB", workers);
    expect([found.code, found.rows], story(found)).toEqual([0, without.rows]);
    expectReader(found);
  }
  const ended = await ran("1GB", 0, { EWB_TEST_READERS_END: "4" });
  expect([ended.code, ended.rows, ended.failures], story(ended)).toEqual([0, without.rows, []]);
  expect(ended.chunks).toBe(hasCores ? 3 : undefined);
});

test("fails in the same words where a chunk is damaged", async () => {
  const chunk = join(folder, "forecast.zarr", name, "1.2.0.0");
  const bytes = readFileSync(chunk);
  // A file of its own: those of the others stay.
  rmSync(chunk);
  writeFileSync(chunk, bytes);
  truncateSync(chunk, statSync(chunk).size - 5000);
  const without = await ran("300MB", 0);
  expect(without.chunks).toBeUndefined();
  expect(failuresOf(without).length, story(without)).toBeGreaterThan(0);
  expect(failuresOf(without).join()).toContain("chunk 1.2.0.0");
  const found = await ran("1GB", 0);
  expectReader(found);
  expect([found.code, found.rows, failuresOf(found)]).toEqual([
    without.code,
    without.rows,
    failuresOf(without),
  ]);
});
