/** Decoding of Blosc frames, whole and of a box, beside C-Blosc and numcodecs.js: bytes a second. */
import { readFileSync } from "node:fs";
import Blosc from "numcodecs/blosc";
import { unblosc } from "../src/sources/codecs/blosc.ts";
import { exactly } from "../src/sources/codecs/size.ts";
import { alternating } from "./alternating.ts";
import { boxOfFrame } from "./boxOfFrame.ts";
import { type Figure, perSecond, ratioFigure } from "./figures.ts";
import { hotArrays } from "./hotArrays.ts";
import { numcodecsPython } from "./numcodecsPython.ts";
import type { BenchStores } from "./stores/benchStores.ts";
import { wholeFile } from "./wholeFile.ts";

/** Bytes of a decoded chunk, and C-Blosc's rate where there is none to measure. */
const [bytes, nativeRate] = [721 * 1440 * 4, 5.3e9];
const turns = 2;

/** Decoded bytes a second: in memory, and with the file read. */
export interface BloscRates {
  readonly decode: number;
  readonly file: number;
  readonly box: number;
  readonly boxFile: number;
}

export const bloscFigures = async (
  stores: BenchStores,
  rounds: number,
  figures: Figure[],
): Promise<BloscRates> => {
  const files = stores
    .units("surface")
    .flatMap(({ forecasts }) => forecasts.slice(0, 1))
    .slice(0, 12);
  const frames = files.map((file) => new Uint8Array(readFileSync(file)));
  const array = hotArrays(64e6);
  const out = array(bytes);
  const buffers = { take: (length: number) => out.subarray(0, length), give() {} };
  const file = wholeFile(array);
  const python = numcodecsPython(files);
  const each = (work: (frame: Uint8Array) => unknown) => async () => {
    for (let turn = 0; turn < turns; turn++) for (const frame of frames) await work(frame);
  };
  const now = (work: (i: number) => unknown) => () => {
    for (let turn = 0; turn < turns; turn++) for (let i = 0; i < frames.length; i++) work(i);
  };
  const stock = Blosc.fromConfig({ id: "blosc" });
  const box = boxOfFrame();
  const size = exactly(bytes);
  const best = await alternating(
    {
      ours: now((i) => unblosc(frames[i]!, size, buffers)),
      native: () => python?.pass(turns) ?? Number.POSITIVE_INFINITY,
      box: now((i) => box.decode(frames[i]!, buffers)),
      file: now((i) => unblosc(file.read(files[i]!), size, buffers)),
      boxFile: now((i) => box.read(files[i]!, buffers)),
    },
    rounds,
  );
  const { stock: slow } = await alternating({ stock: each((frame) => stock.decode(frame)) }, 3);
  python?.stop();
  const all = bytes * frames.length * turns;
  const native = python === undefined ? nativeRate : all / best.native;
  const note =
    python === undefined ? "C-Blosc's rate as once measured elsewhere" : "through Python's numcodecs";
  figures.push(
    ratioFigure(
      "blosc-lz4 decode, against C-Blosc",
      all / best.ours / native,
      { least: 0.75 },
      {
        reach: "1.0 x",
        note: `${perSecond(all, best.ours)} of ${(native / 1e9).toFixed(2)} GB/s ${note}`,
      },
    ),
    ratioFigure(
      "a box of 26 x 31 degrees, against a full decode",
      best.ours / best.box,
      { least: 2 },
      {
        reach: "bytes touched only",
        note: `effective ${perSecond(all, best.box)}`,
      },
    ),
    { what: "blosc-lz4 decode, numcodecs.js", measured: perSecond(all, slow) },
    { what: "file read and decoded", measured: perSecond(all, best.file) },
    { what: "box of a file: its blocks alone read", measured: `effective ${perSecond(all, best.boxFile)}` },
  );
  const perChunk = (seconds: number) => bytes / (seconds / (frames.length * turns));
  return {
    decode: perChunk(best.ours),
    file: perChunk(best.file),
    box: perChunk(best.box),
    boxFile: perChunk(best.boxFile),
  };
};
