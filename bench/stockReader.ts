/** The stock way: zarrita with its own codecs, a chunk after another, and a loop, all on the main thread. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { open, root } from "zarrita";
import type { ChunkUnit } from "./stores/sets.ts";

/** What zarrita's store of files does; undefined for what is not there. */
const folder = (home: string) => ({
  get: (key: string): Promise<Uint8Array | undefined> => readFile(join(home, key)).catch(() => undefined),
});

/** Decoded bytes a second, the best of three. */
export const stockRate = async (units: readonly ChunkUnit[]): Promise<number> => {
  const arrayOf = (path: string) => open.v2(root(folder(dirname(path))), { kind: "array" });
  const [target, forecast] = [await arrayOf(units[0]!.target), await arrayOf(units[0]!.forecasts[0]!)];
  const at = (path: string) => path.split("/").at(-1)!.split(".").map(Number);
  let [best, sum] = [0, 0];
  for (let turn = 0; turn < 3; turn++) {
    const began = performance.now();
    let bytes = 0;
    for (const unit of units) {
      const o = (await target.getChunk(at(unit.target))).data as Float32Array;
      bytes += o.byteLength;
      for (const path of unit.forecasts) {
        const f = (await forecast.getChunk(at(path))).data as Float32Array;
        bytes += f.byteLength;
        for (let row = 0; row < 721; row++) {
          const weight = Math.cos(((90 - row / 4) * Math.PI) / 180);
          let squared = 0;
          for (let i = row * 1440; i < (row + 1) * 1440; i++) {
            const error = f[i]! - o[i]!;
            if (!Number.isNaN(error)) squared += error * error;
          }
          sum += weight * squared;
        }
      }
    }
    best = Math.max(best, bytes / ((performance.now() - began) / 1000));
  }
  if (!(sum > 0)) throw new Error(`a sum of ${sum}`);
  return best;
};
