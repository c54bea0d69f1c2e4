/**
 * Fifty metrics of one variable (10 continuous, 40 of tables at several thresholds) through `ewb stream` against root mean
 * squared error alone, decode included. Required: at most three times the processor time, of all threads: where a core is
 * to spare a reader decodes beside, and the time of one metric is that of decoding alone. The list is pipelines/fifty.ts.
 */
import { type Figure, ratioFigure } from "./figures.ts";
import { storesFolder } from "./memoryOptions.ts";
import { benchStores } from "./stores/benchStores.ts";
import { type Through, throughProduct } from "./throughProduct.ts";

export const fifty = async (runs: number): Promise<Figure[]> => {
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES, ["surface"]);
  const figures: Figure[] = [];
  for (const [region, workers] of [
    ["stored", 0],
    ["stored", 2],
  ] as const) {
    const best: Partial<Record<"fifty" | "rootMeanSquared", Through>> = {};
    // In turn, so that what disturbs one disturbs the other too.
    for (let run = 0; run < runs; run++) {
      for (const pipeline of ["rootMeanSquared", "fifty"] as const) {
        const one = await throughProduct({ stores, set: "surface", region, workers, runs: 1, pipeline });
        if (best[pipeline] === undefined || one.cpu < best[pipeline].cpu) best[pipeline] = one;
      }
    }
    const [all, one] = [best.fifty!, best.rootMeanSquared!];
    const took = ({ cpu, inside }: Through) => `${cpu.toFixed(2)} CPU s, ${inside.toFixed(2)} s`;
    const wall = `${(all.inside / one.inside).toFixed(2)} x by the clock`;
    const note = `${took(all)}; one ${took(one)}: ${wall}; ${all.rows} rows, one ${one.rows}`;
    const what = `fifty metrics through ewb stream, processor time against one, ${workers} workers`;
    figures.push(ratioFigure(what, all.cpu / one.cpu, { most: 3 }, { note }));
  }
  return figures;
};
