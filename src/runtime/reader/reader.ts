/** The thread of a reader: see `threadReader`. */
import { parentPort, workerData } from "node:worker_threads";
import { collector } from "../governor/collect.ts";
import { chunkProgram } from "./chunkProgram.ts";
import type { FromReader } from "./readerMessages.ts";

const port = parentPort!;
const done: Int32Array = workerData;

const answer = (message: FromReader) => {
  Atomics.add(done, 0, 1);
  port.postMessage(message);
};
port.on(
  "message",
  chunkProgram(answer, collector(), () => performance.now()),
);
port.postMessage({ type: "ready" });
