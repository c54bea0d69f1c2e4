/**
 * `npm run bench -- kernels`: arithmetic over decoded fields, and decoding fused with it in worker threads. Required: the
 * kernel of RMSE over pairs of 721 x 1440 with 10 % missing (in turn, so that nothing is in a cache) at 0.7 of copying
 * the same arrays; decode and RMSE with two workers at 12 times zarrita and a loop on the main thread; through
 * `ewb stream` 0.6 of the bare rate, by the run's own clock.
 *
 * `EWB_PEER_STORES` names stores to take chunks from. Options: `--rounds 9`, `--runs 3` (of the product; 0: none).
 */
import { parseArgs } from "node:util";
import { type Figure, publishFigures, ratioFigure } from "./figures.ts";
import { fusedFigures } from "./fusedFigures.ts";
import { storesFolder } from "./memoryOptions.ts";
import { rmseFigures } from "./rmseFigures.ts";
import { type BenchStores, benchStores } from "./stores/benchStores.ts";
import { throughProduct } from "./throughProduct.ts";

export const kernels = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "9" }, runs: { type: "string", default: "3" } },
  });
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES, ["surface", "gaps"]);
  const [rounds, runs] = [Number(values.rounds), Number(values.runs)];
  const figures: Figure[] = [];
  const pairsPerSecond = await rmseFigures(rounds, figures);
  const fused = await fusedFigures(stores, figures);
  if (runs > 0) await productFigures(stores, runs, { ...fused, pairsPerSecond }, figures);
  publishFigures("kernels", figures, [stores.payloads]);
};

const productFigures = async (
  stores: BenchStores,
  runs: number,
  bare: { readonly single: number; readonly pair: number; readonly pairsPerSecond: number },
  figures: Figure[],
): Promise<void> => {
  const { decoded } = stores.needed("surface");
  const cost = (one: { inside: number; wall: number; cpu: number; peakRss: number }) =>
    `${one.inside.toFixed(2)} s inside, whole process ${one.wall.toFixed(2)} s, ${one.cpu.toFixed(2)} CPU s, ${(one.peakRss / 1e6).toFixed(0)} MB`;
  for (const region of ["stored", "globe"] as const) {
    for (const [workers, rate] of [
      [1, bare.single],
      [2, bare.pair],
    ] as const) {
      for (const memory of ["512MB", undefined]) {
        const one = await throughProduct({
          stores,
          set: "surface",
          region,
          workers,
          runs,
          ...(memory && { memory }),
        });
        const got = decoded / one.inside;
        const from = region === "stored" ? "from 0 E on" : "from 180 W on";
        const what = `through ewb stream: decode + RMSE, ${from}, ${workers} workers, ${memory ?? "default memory"}`;
        const note = `${(got / 1e9).toFixed(2)} of ${(rate / 1e9).toFixed(2)} GB/s; ${cost(one)}`;
        figures.push(ratioFigure(what, got / rate, { least: 0.6 }, { note }));
      }
    }
  }
  const pairs = stores.units("gaps").reduce((sum, { forecasts }) => sum + forecasts.length, 0);
  const one = await throughProduct({
    stores,
    set: "gaps",
    region: "stored",
    workers: 0,
    runs,
    memory: "512MB",
  });
  const got = pairs / one.inside;
  figures.push(
    ratioFigure(
      "through ewb stream: RMSE, 10 % missing, raw chunks",
      got / bare.pairsPerSecond,
      { least: 0.6 },
      {
        note: `${got.toFixed(0)} of ${bare.pairsPerSecond.toFixed(0)} pairs/s, files read included; ${cost(one)}`,
      },
    ),
  );
};
