/** Kernels over pairs of fields with 10 % missing, in turn, so that nothing is in a cache. */
import { errorTotal } from "../src/kernels/errorTotal.ts";
import { meanTotal } from "../src/kernels/meanTotal.ts";
import { squaredTotal } from "../src/kernels/squaredTotal.ts";
import { vectorLength } from "../src/kernels/vectorLength.ts";
import { decodeValues } from "../src/sources/cf/decodeValues.ts";
import { alternating } from "./alternating.ts";
import { type Figure, perSecond, ratioFigure } from "./figures.ts";
import { globeLeaves } from "./globeLeaves.ts";
import { hotArrays } from "./hotArrays.ts";
import { leaveOut } from "./stores/leaveOut.ts";

const places = 721 * 1440;
const pairsInTurn = 16;

const field = (bytes: Uint8Array<ArrayBuffer>, seed: number): Float32Array => {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, places);
  for (let i = 0; i < places; i++) values[i] = 280 + ((i * (seed + 3)) % 1013) / 64;
  leaveOut(values, 0.1, seed);
  return values;
};

/** Pairs a second of the kernel of RMSE. */
export const rmseFigures = async (rounds: number, figures: Figure[]): Promise<number> => {
  const array = hotArrays(pairsInTurn * 9e6);
  const side = (seed: number) => field(array(places * 4), seed);
  const pairs = Array.from({ length: pairsInTurn }, (_, i) => [side(2 * i), side(2 * i + 1)] as const);
  const [one, other] = [new Float32Array(places), new Float32Array(places)];
  // The engine copies faster what no other thread can see.
  const unshared = pairs.map(([f, o]) => [f.slice(), o.slice()] as const);
  const apart = pairs.map(() => [new Float32Array(places), new Float32Array(places)] as const);
  const leaves = globeLeaves();
  const plain = {
    ...{ markers: [], low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
    ...{ scale: 1, offset: 0, conversion: { multiply: 1, divide: 1, add: 0 }, plain: true },
  };
  const each = (work: (f: Float32Array, o: Float32Array, i: number) => unknown) => () => {
    for (const [i, [f, o]] of pairs.entries()) work(f, o, i);
  };
  const best = await alternating(
    {
      rmse: each((f, o) => squaredTotal(f, o, leaves)),
      copy: each((_f, _o, i) => {
        one.set(unshared[i]![0]);
        other.set(unshared[i]![1]);
      }),
      apart: each((_f, _o, i) => {
        apart[i]![0].set(unshared[i]![0]);
        apart[i]![1].set(unshared[i]![1]);
      }),
      error: each((f, o) => errorTotal(f, o, leaves)),
      mean: each((f, o) => meanTotal(f, o, undefined, leaves)),
      decode: each((f) => decodeValues(f, plain as never)),
      wind: each((f, o) => vectorLength(f, o)),
      loop: each((f, o) => plainLoop(f, o)),
    },
    rounds,
  );
  const all = pairsInTurn * places * 8;
  figures.push(
    ratioFigure(
      "RMSE kernel, 10 % missing, against copying the same",
      best.copy / best.rmse,
      { least: 0.7 },
      {
        reach: "1.5 x",
        note: `${perSecond(all, best.rmse)} of ${perSecond(all, best.copy)} (copied to one place; each to its own: ${perSecond(all, best.apart)})`,
      },
    ),
    ...(
      [
        ["errorTotal (mean, absolute and squared error)", best.error, all],
        ["meanTotal (regional means)", best.mean, all],
        ["decodeValues (plain float32: looks for infinities)", best.decode, all / 2],
        ["vectorLength (into a fresh array)", best.wind, all],
        ["a plain loop for RMSE", best.loop, all],
      ] as const
    ).map(([what, seconds, bytes]) => ({ what, measured: perSecond(bytes, seconds) })),
  );
  return pairsInTurn / best.rmse;
};

const plainLoop = (f: Float32Array, o: Float32Array): number => {
  let [sum, n] = [0, 0];
  for (let i = 0; i < f.length; i++) {
    const error = f[i]! - o[i]!;
    if (Number.isNaN(error)) continue;
    sum += error * error;
    n += 1;
  }
  return Math.sqrt(sum / n);
};
