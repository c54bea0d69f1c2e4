/**
 * One part of `bench -- ledger` in a process of its own: `ledgerPart.ts write|kill|alone|restart FOLDER UNITS`; figures as
 * JSON. `kill` writes and is killed without warning, `alone` writes no bundles, `restart` takes all over that is there.
 */
import { hostname } from "node:os";
import { serialize } from "node:v8";
import type { UnitInputs, UnitName } from "../src/model/finished.ts";

const built = (file: string) => import(new URL(`../dist/${file}`, import.meta.url).href);
const { hashText } = await built("kernels/hash.js");
const { openLedger } = await built("runtime/ledger/openLedger.js");
const { openRecords } = await built("runtime/ledger/openRecords.js");
const { thisSystem } = await built("runtime/machine/system.js");
const { KeptUnits } = await built("operators/flow/keptUnits.js");

const [, , part, folder = "", count = ""] = process.argv;
const units = Number(count);
const leads = 60;
const metrics = 7;

const nameOf = (i: number): UnitName => ({
  target: "analysis",
  initTime: Math.floor(i / leads) * 6 * 3_600_000,
  leadHours: (i % leads) * 6,
});

const inputsOf = (i: number): UnitInputs => ({
  forecast: hashText(`forecast ${i}`),
  target: hashText(`target ${i}`),
  beside: "0000000000000000",
  lacks: { forecast: false, target: false },
});

/** A state as those of pointwise errors: by lead, a count and an exact sum. */
const statesOf = (i: number): ReadonlyMap<number, readonly number[]>[] =>
  Array.from(
    { length: metrics },
    (_, metric) =>
      new Map([[(i % leads) * 6, [1, Math.sin(i), Math.cos(metric * i), 1 / (i + 1), i * 1e-9]]]),
  );

const merge = (a: unknown, b: unknown): unknown => {
  const sum = new Map(a as ReadonlyMap<number, readonly number[]>);
  for (const [lead, values] of b as ReadonlyMap<number, readonly number[]>)
    sum.set(lead, sum.get(lead)?.map((value, i) => value + values[i]!) ?? values);
  return sum;
};
const target = { source: { name: "analysis" } };
const refOf = (i: number) => ({ ...nameOf(i), targets: [] });

const now = (): number => performance.now() / 1000;
const effects = {
  now: Date.now,
  after: (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  failed: (error: unknown) => {
    throw error;
  },
};

const settled = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

const figures: Record<string, number> = {};
const before = settled();
let began = now();
const records = await openRecords(
  await openLedger(folder, { system: thisSystem(), host: hostname(), now: Date.now }),
  folder,
  effects,
);
figures.open = now() - began;
figures.indexMb = settled() - before;
const site = records.site("case 1, forecast, rootMeanSquaredError");
const kept = new KeptUnits(
  { targets: [] },
  site,
  Array.from({ length: metrics }, () => ({ merge, zero: () => new Map() })),
  () => {},
);
if (part !== "restart") {
  figures.stateBytes = serialize(statesOf(1)).length;
  began = now();
  for (let i = 0; i < units; i++) {
    if (part === "alone") site.record(nameOf(i), inputsOf(i), statesOf(i));
    else kept.record(target, refOf(i), inputsOf(i), statesOf(i));
    // As units come: between them the process does other things.
    if (i % 500 === 0) await new Promise((done) => setImmediate(done));
  }
  if (part !== "kill") await records.flush();
  figures.write = now() - began;
  if (part === "kill") {
    console.log(JSON.stringify(figures));
    process.kill(process.pid, "SIGKILL");
  }
  kept.end(target);
} else {
  began = now();
  for (let i = 0; i < units; i++) if (site.find(nameOf(i)) !== undefined) kept.reuse(target, nameOf(i));
  figures.find = now() - began;
  figures.lost = units - site.size;
  began = now();
  await kept.takeOver(target);
  figures.merge = now() - began;
}
await records.close();
figures.peakMb = process.resourceUsage().maxRSS / 1e3;
console.log(JSON.stringify(figures));
