/**
 * Preloaded by a run, in each of its threads: what a reader says is counted in the file of `EWB_TEST_READERS`, and
 * whoever begins one waits until it has loaded, so that there is something left to read. Where `EWB_TEST_READERS_END`
 * says so, it ends with that many chunks read and the last one not told.
 */
import { appendFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const threads = createRequire(import.meta.url)("node:worker_threads");
const { Worker, parentPort, workerData } = threads;

threads.Worker = class extends Worker {
  constructor(file, options) {
    super(file, options);
    if (!/\breader\.\w+$/.test(String(file))) return;
    super.on("message", ({ type, answer }) => {
      const said = type === "read" ? (answer === undefined ? "nothing" : "chunk") : type;
      appendFileSync(process.env.EWB_TEST_READERS, `${said}\n`);
    });
    Atomics.wait(options.workerData, 0, 0, 20_000);
  }
};
syncBuiltinESMExports();

if (workerData instanceof Int32Array) {
  const { postMessage } = parentPort;
  let left = Number(process.env.EWB_TEST_READERS_END ?? Number.POSITIVE_INFINITY);
  parentPort.postMessage = (message) => {
    if (message.type === "read" && --left === 0) process.exit(1);
    postMessage.call(parentPort, message);
    if (message.type === "ready") Atomics.notify(workerData, 0);
  };
}
