/** Decoding of zstd frames beside numcodecs.js and Node's own. */
import { readFileSync } from "node:fs";
import * as zlib from "node:zlib";
import Zstd from "numcodecs/zstd";
import { exactly } from "../src/sources/codecs/size.ts";
import { unzstd } from "../src/sources/codecs/zstd.ts";
import { alternating } from "./alternating.ts";
import { type Figure, perSecond, ratioFigure } from "./figures.ts";
import { reusedArray } from "./reusedArray.ts";
import type { BenchStores } from "./stores/benchStores.ts";

const bytes = 721 * 1440 * 4;

/** Decoded bytes a second. */
export const zstdFigures = async (
  stores: BenchStores,
  rounds: number,
  figures: Figure[],
): Promise<number> => {
  const files = [...new Set(stores.units("zstd").flatMap(({ forecasts }) => forecasts))].slice(0, 4);
  const frames = files.map((file) => new Uint8Array(readFileSync(file)));
  const buffers = reusedArray(bytes);
  const stock = Zstd.fromConfig({ id: "zstd" });
  const size = exactly(bytes);
  const native = (zlib as { zstdDecompressSync?: (input: Uint8Array, options: object) => Uint8Array })
    .zstdDecompressSync;
  const best = await alternating(
    {
      ours: () => {
        for (const frame of frames) unzstd(frame, size, buffers);
      },
      stock: async () => {
        for (const frame of frames) await stock.decode(frame);
      },
      native:
        native === undefined
          ? () => Number.POSITIVE_INFINITY
          : () => {
              for (const frame of frames) native(frame, { chunkSize: bytes });
            },
    },
    rounds,
  );
  const all = bytes * frames.length;
  const beside = native === undefined ? "absent" : perSecond(all, best.native);
  figures.push(
    ratioFigure(
      "zstd decode, against numcodecs.js",
      best.stock / best.ours,
      { least: 2 },
      {
        reach: "node:zlib's",
        note: `${perSecond(all, best.ours)} against ${perSecond(all, best.stock)}; node:zlib ${beside}`,
      },
    ),
  );
  return all / best.ours;
};
