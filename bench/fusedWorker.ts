/** A thread of fused.ts. */
import { parentPort } from "node:worker_threads";
import { squaredTotal } from "../src/kernels/squaredTotal.ts";
import { unblosc } from "../src/sources/codecs/blosc.ts";
import { exactly } from "../src/sources/codecs/size.ts";
import { globeLeaves } from "./globeLeaves.ts";
import { hotArrays } from "./hotArrays.ts";
import type { ChunkUnit } from "./stores/sets.ts";
import { wholeFile } from "./wholeFile.ts";

interface Job {
  readonly units: readonly ChunkUnit[];
  /** The next unit that nobody has. */
  readonly next: Int32Array;
}

const places = 721 * 1440;
const size = exactly(places * 4);
const leaves = globeLeaves();
const array = hotArrays(64e6);
const file = wholeFile(array);

const place = () => {
  const bytes = array(size.most);
  return {
    values: new Float32Array(bytes.buffer, bytes.byteOffset, places),
    buffers: { take: () => bytes, give() {} },
  };
};
const [forecast, target] = [place(), place()];

parentPort!.on("message", ({ units, next }: Job) => {
  let squared = 0;
  for (let i = Atomics.add(next, 0, 1); i < units.length; i = Atomics.add(next, 0, 1)) {
    unblosc(file.read(units[i]!.target), size, target.buffers);
    for (const path of units[i]!.forecasts) {
      unblosc(file.read(path), size, forecast.buffers);
      squared += squaredTotal(forecast.values, target.values, leaves).squared.reduce((a, b) => a + b, 0);
    }
  }
  parentPort!.postMessage(squared);
});
parentPort!.postMessage("here");
