import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";
import { emptyUnits } from "./emptyUnits.ts";
import { sampleRun } from "./sampleRun.ts";

/** What an empty unit costs, and the sample against reading its files: ratios of one run on one machine. */
export const baseline = async (): Promise<void> => {
  const results = {
    date: new Date().toISOString(),
    machine: {
      name: hostname(),
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memory: totalmem(),
      node: process.version,
    },
    emptyUnits: await emptyUnits(),
    sample: await sampleRun(),
  };

  const { emptyUnits: empty, sample } = results;
  console.log(`node ${process.version}, ${results.machine.cores} cores, ${results.machine.cpu}\n`);
  console.log("an empty unit (no reading, no metric), per unit");
  console.log(`  bare mergeMap over the same refs  ${empty.bareMicroseconds.toFixed(2)} us`);
  console.log(
    `  mergeMapWithin                    ${empty.withinMicroseconds.toFixed(2)} us  (${empty.ratio.toFixed(1)} x)`,
  );
  console.log("\npipelines/heatwave.ts on the sample");
  for (const run of sample.runs) {
    console.log(
      `  workers ${run.workers}  ${run.seconds.toFixed(2)} s  ${Math.round(run.unitsPerSecond)} units/s  ` +
        `${(run.bytesPerSecond / 1e6).toFixed(0)} MB/s  peak RSS ${(run.peakRss / 1e6).toFixed(0)} MB`,
    );
  }
  console.log(`  reading the same files alone      ${(sample.readAlone / 1e6).toFixed(0)} MB/s`);
  console.log(`  bytes/s against that              ${sample.ratio.toFixed(2)} x`);

  mkdirSync("bench/results", { recursive: true });
  writeFileSync(
    `bench/results/${hostname()}-node${process.versions.node}.json`,
    `${JSON.stringify(results, null, 2)}\n`,
  );
};
