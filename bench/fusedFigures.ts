/** Decoding fused with RMSE in one and two worker threads, beside the stock way. */
import { alternating } from "./alternating.ts";
import { type Figure, perSecond, ratioFigure } from "./figures.ts";
import { startFused } from "./fused.ts";
import { stockRate } from "./stockReader.ts";
import type { BenchStores } from "./stores/benchStores.ts";

/** Seconds of processor time of this process and its threads. */
const processorTime = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

/** Decoded bytes a second of one and of two workers. */
export const fusedFigures = async (stores: BenchStores, figures: Figure[]) => {
  const units = stores.units("surface");
  const { decoded } = stores.needed("surface");
  const [single, pair] = [await startFused(1), await startFused(2)];
  let [cpu, pairCpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const works = {
    single: async () => {
      cpu = Math.min(cpu, await processorTime(() => single.run(units)));
    },
    pair: async () => {
      pairCpu = Math.min(pairCpu, await processorTime(() => pair.run(units)));
    },
  };
  const best = await alternating(works, 3);
  await Promise.all([single.stop(), pair.stop()]);
  const stock = await stockRate(units.filter((_, i) => i % 23 === 5));
  figures.push(
    ratioFigure(
      "decode + RMSE, 2 workers, against zarrita and a loop",
      decoded / best.pair / stock,
      { least: 12 },
      {
        reach: "memory bandwidth",
        note: `${perSecond(decoded, best.pair)} (${pairCpu.toFixed(2)} CPU s) against ${(stock / 1e9).toFixed(2)} GB/s`,
      },
    ),
    {
      what: "decode + RMSE, 1 worker",
      measured: perSecond(decoded, best.single),
      note: `${best.single.toFixed(2)} s, ${cpu.toFixed(2)} CPU s`,
    },
  );
  return { single: decoded / best.single, pair: decoded / best.pair };
};
