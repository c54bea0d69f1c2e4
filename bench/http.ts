/**
 * `npm run bench -- http`: requests a second for chunks of 51 kB on the loopback, the server in a process of its own,
 * of the product's store and of zarrita's FetchStore, in turn: at least 3 times as many. Then the same chunks through
 * `ewb stream`: at least 0.6 of the bare store, by the run's own clock.
 *
 * Options: `--requests 2000`, `--rounds 5`, `--runs 3` (of the product; 0: none).
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FetchStore } from "zarrita";
import { openStore } from "../src/sources/stores/openStore.ts";
import { alternating } from "./alternating.ts";
import { type Figure, publishFigures, ratioFigure } from "./figures.ts";
import { storesFolder } from "./memoryOptions.ts";
import { slowServer } from "./slowServer.ts";
import { benchStores } from "./stores/benchStores.ts";
import { throughProduct } from "./throughProduct.ts";

const together = [8, 32, 64] as const;

export const http = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string", default: "2000" },
      rounds: { type: "string", default: "5" },
      runs: { type: "string", default: "3" },
    },
  });
  const [requests, rounds, runs] = [values.requests, values.rounds, values.runs].map(Number) as [
    number,
    number,
    number,
  ];
  const stores = await benchStores(storesFolder(), undefined, ["small"]);
  const home = join(stores.folder, "small");
  const folder = join("forecast.zarr", "2m_temperature");
  const keys = readdirSync(join(home, folder)).filter((name) => /^\d/.test(name));
  const keyOf = (i: number) => `${folder}/${keys[i % keys.length]}`;
  const server = await slowServer(home, 0);
  const figures: Figure[] = [];
  try {
    const pool: Uint8Array[] = [];
    const buffers = {
      take: (bytes: number) => pool.pop() ?? new Uint8Array(bytes),
      give: (array: Uint8Array) => void pool.push(array),
    };
    const { signal } = new AbortController();
    await using ours = await openStore(server.address);
    const theirs = new FetchStore(server.address);
    const all = (count: number, one: (i: number) => Promise<unknown>) => async () => {
      let next = 0;
      const work = async () => {
        while (next < requests) await one(next++);
      };
      await Promise.all(Array.from({ length: count }, work));
    };
    const get = async (i: number) => {
      const object = await ours.get(keyOf(i), { buffers, signal, count() {} });
      buffers.give(object!.bytes);
    };
    const fetched = (i: number) => theirs.get(`/${keyOf(i)}`);
    let fastest = 0;
    for (const count of together) {
      const best = await alternating({ ours: all(count, get), theirs: all(count, fetched) }, rounds);
      fastest = Math.max(fastest, requests / best.ours);
      const note = `${(requests / best.ours).toFixed(0)} of ${(requests / best.theirs).toFixed(0)} requests/s`;
      figures.push(
        ratioFigure(
          `requests/s, ${count} at once, against FetchStore`,
          best.theirs / best.ours,
          { least: 3 },
          { note },
        ),
      );
    }
    for (const workers of runs > 0 ? [0, 1, 2] : []) {
      const one = await throughProduct({
        stores,
        set: "small",
        region: "stored",
        workers,
        runs,
        address: server.address,
      });
      const { chunks } = stores.needed("small");
      const rate = (one.requests ?? chunks) / one.inside;
      figures.push(
        ratioFigure(
          `through ewb stream, ${workers} workers`,
          rate / fastest,
          { least: 0.6 },
          {
            note:
              `${rate.toFixed(0)} of ${fastest.toFixed(0)} requests/s (${one.requests} for ${chunks} chunks); ` +
              `${one.inside.toFixed(2)} s inside, whole process ${one.wall.toFixed(2)} s, ${one.cpu.toFixed(2)} CPU s`,
          },
        ),
      );
    }
  } finally {
    server.stop();
  }
  publishFigures("http", figures, ["the server has no delay and shares the processor with those it serves"]);
};
