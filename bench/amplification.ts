/**
 * `npm run bench -- amplification`: bytes read for 41 leads x 20 inits x 4 metrics x 2 targets, against what the chunk
 * files hold that are touched, each once. Required: at most 1.05, with memory for everything and without, by one
 * process and by two workers; of the box less than 1, for parts of chunks are read.
 */
import { type Figure, publishFigures, ratioFigure } from "./figures.ts";
import { storesFolder } from "./memoryOptions.ts";
import { benchStores } from "./stores/benchStores.ts";
import { throughProduct } from "./throughProduct.ts";

export const amplification = async (): Promise<void> => {
  const set = "amplification";
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES, [set]);
  const { stored, chunks } = stores.needed(set);
  const figures: Figure[] = [];
  for (const region of ["globe", "box"] as const) {
    for (const memory of [undefined, "512MB"]) {
      for (const workers of [0, 2]) {
        const pipeline = "fourMetrics";
        const one = await throughProduct({
          stores,
          set,
          region,
          workers,
          runs: 1,
          pipeline,
          ...(memory && { memory }),
        });
        const ratio = (one.bytesRead ?? Number.NaN) / stored;
        const reach = "< 1.0 by ranges";
        figures.push(
          ratioFigure(
            `${region}, ${memory ?? "default memory"}, ${workers} workers`,
            ratio,
            { most: region === "box" ? 1 : 1.05 },
            {
              reach,
              note: `${((one.bytesRead ?? 0) / 1e6).toFixed(0)} of ${(stored / 1e6).toFixed(0)} MB, ${one.requests} requests, ${one.wall.toFixed(1)} s`,
            },
          ),
        );
      }
    }
  }
  publishFigures(set, figures, [`${chunks} chunks, ${stores.payloads}`]);
};
