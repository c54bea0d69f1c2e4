/**
 * `npm run bench -- coordinator`: what a unit costs the coordinator when workers do it, beside a bare round trip of a
 * message to a worker and back; and how long its event loop keeps others waiting. Required: at most 3 times a round
 * trip a unit, 99 of 100 delays below 20 ms.
 */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { lastValueFrom } from "rxjs";

const trips = 20_000;

/** Microseconds of a small message to a worker thread and back, one after the other. */
const roundTrip = async (): Promise<number> => {
  const worker = new Worker(
    'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m));',
    { eval: true },
  );
  const ask = () =>
    new Promise((resolve) => {
      worker.once("message", resolve);
      worker.postMessage({ job: 1, id: 2 });
    });
  for (let i = 0; i < 1000; i++) await ask();
  const began = performance.now();
  for (let i = 0; i < trips; i++) await ask();
  const micros = ((performance.now() - began) * 1000) / trips;
  await worker.terminate();
  return micros;
};

export const coordinator = async (): Promise<void> => {
  // The built program: its workers are plain JavaScript.
  const { start } = await import(new URL("../dist/runtime/stream.js", import.meta.url).href);
  const bare = await roundTrip();
  console.log(`a message to a worker and back: ${bare.toFixed(1)} us`);
  for (const workers of [1, 2]) {
    const started = await start("bench/pipelines/units.ts", { workers, memory: "1GB", out: "bench/results" });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const busy = performance.eventLoopUtilization();
    const began = performance.now();
    const ticking = setInterval(() => started.tick(), 500);
    delay.enable();
    await lastValueFrom(started.rows);
    delay.disable();
    clearInterval(ticking);
    const seconds = (performance.now() - began) / 1000;
    const { active } = performance.eventLoopUtilization(busy);
    const { units } = started.tick();
    await started[Symbol.asyncDispose]();
    const each = (active * 1000) / units.done;
    // The sampler itself waits a millisecond.
    const late = Math.max(0, delay.percentile(99) / 1e6 - 1);
    const met = each <= 3 * bare && late < 20;
    console.log(
      `${met ? "ok    " : "MISSED"} ${workers} workers: ${units.done} units in ${seconds.toFixed(1)} s, the coordinator ` +
        `works ${each.toFixed(1)} us a unit (${(each / bare).toFixed(2)} x a round trip), event loop p99 ${late.toFixed(1)} ms`,
    );
  }
};
