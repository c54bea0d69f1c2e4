/** The thread of a reader: see `threadReader`. */
import { parentPort, workerData } from "node:worker_threads";
import { collector } from "../governor/collect.ts";
import { chunkProgram } from "./chunkProgram.ts";

const port = parentPort!;
const done: Int32Array = workerData;

const hear = chunkProgram((answer) => {
  Atomics.add(done, 0, 1);
  port.postMessage(answer);
}, collector());
port.on("message", hear);
port.postMessage({ type: "ready" });
