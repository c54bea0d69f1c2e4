/**
 * `npm run bench -- codecs`: decoding, on one core. A pass decodes the same chunks of 4 MB into memory that is used
 * again, each decoder in turn. Then the same through `ewb stream`: a strip from pole to pole, which touches every block
 * and gives few values, and the box; at least 0.6 of the bare rate by the run's own clock.
 *
 * `EWB_PEER_VENV` names a virtual environment with numcodecs, `EWB_PEER_STORES` stores to take chunks from. Options:
 * `--rounds 15`, `--runs 3` (of the product; 0: none).
 */
import { parseArgs } from "node:util";
import { type BloscRates, bloscFigures } from "./bloscFigures.ts";
import { type Figure, publishFigures, ratioFigure } from "./figures.ts";
import { storesFolder } from "./memoryOptions.ts";
import { type BenchStores, benchStores } from "./stores/benchStores.ts";
import { throughProduct } from "./throughProduct.ts";
import { zstdFigures } from "./zstdFigures.ts";

export const codecs = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "15" }, runs: { type: "string", default: "3" } },
  });
  const stores = await benchStores(storesFolder(), process.env.EWB_PEER_STORES, ["surface", "zstd"]);
  const [rounds, runs] = [Number(values.rounds), Number(values.runs)];
  const figures: Figure[] = [];
  const bare = {
    ...(await bloscFigures(stores, rounds, figures)),
    zstd: await zstdFigures(stores, rounds, figures),
  };
  if (runs > 0) await productFigures(stores, runs, bare, figures);
  publishFigures("codecs", figures, [stores.payloads]);
};

type Bare = BloscRates & { readonly zstd: number };

const productFigures = async (
  stores: BenchStores,
  runs: number,
  bare: Bare,
  figures: Figure[],
): Promise<void> => {
  const shown = [
    ["blosc-lz4 decode", "surface", "strip", bare.decode, bare.file],
    ["the box", "surface", "box", bare.box, bare.boxFile],
    ["zstd decode", "zstd", "strip", bare.zstd, undefined],
  ] as const;
  for (const [what, set, region, rate, file] of shown) {
    const { decoded } = stores.needed(set);
    for (const memory of ["512MB", undefined]) {
      const one = await throughProduct({ stores, set, region, workers: 0, runs, ...(memory && { memory }) });
      const got = decoded / one.inside;
      const beside = file === undefined ? "" : `, ${(got / file).toFixed(2)} with the file read`;
      figures.push(
        ratioFigure(
          `through ewb stream: ${what}, ${memory ?? "default memory"}`,
          got / rate,
          { least: 0.6 },
          {
            note:
              `${(got / 1e9).toFixed(2)} of ${(rate / 1e9).toFixed(2)} GB/s${beside}; ${one.inside.toFixed(2)} s inside, ` +
              `whole process ${one.wall.toFixed(2)} s, ${one.cpu.toFixed(2)} CPU s, ${(one.peakRss / 1e6).toFixed(0)} MB`,
          },
        ),
      );
    }
  }
};
