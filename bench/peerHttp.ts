import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { alignedTable } from "./alignedTable.ts";
import { type Figure, ratioFigure } from "./figures.ts";
import { writePeerDataSet } from "./peerCases.ts";
import { type PeerCell, peerCell } from "./peerCells.ts";
import { peerServer } from "./peerServer.ts";
import { head, rowOf, settingOf } from "./peerTable.ts";

/** What the parts of the peer bench share. */
export interface PeerBench {
  readonly python: string;
  readonly scripts: string;
  readonly stores: string;
  readonly work: string;
  readonly runs: number;
  readonly peerRuns: number;
  readonly figures: Figure[];
  readonly notes: string[];
}

/** Local and remote, and what the server was asked for. */
interface Pair {
  readonly here: PeerCell;
  readonly there: PeerCell;
  readonly chunks: number;
  readonly others: number;
}

/**
 * Four cases over HTTP by the peer's server, beside the same locally: in the process itself, and as the local run was best.
 * The one that meets more counts, then the quicker one.
 */
export const peerHttp = async (bench: PeerBench, four: PeerCell | undefined): Promise<void> => {
  const { python, scripts, stores, work, runs, figures, notes } = bench;
  const expected = join(scripts, "expected/heatwave4.csv");
  const best = { workers: four?.workers ?? 0, memory: four?.memory };
  const isOwn = best.workers === 0 && best.memory === undefined;
  const settings = isOwn ? [best] : [best, { workers: 0, memory: undefined }];
  const server = await peerServer(python, join(scripts, "serve.py"), stores, 20, work);
  const text =
    "import json, sys, workloads; print(json.dumps(workloads.needed(sys.argv[1], 'heatwave4', climatology=True)))";
  const needed = JSON.parse(execFileSync(python, ["-c", text, stores], { cwd: scripts, encoding: "utf8" }));
  try {
    const folder = join(work, "http");
    const [near, far] = [
      writePeerDataSet(work, "heatwave4", stores),
      writePeerDataSet(folder, "heatwave4", server.address),
    ];
    const measured = async (setting: (typeof settings)[number]): Promise<Pair> => {
      let found: Pair | undefined;
      for (let run = 0; run < runs; run++) {
        const one = await peerCell({ data: near, expected, ...setting });
        const before = { all: (await server.counts()).requests, chunks: server.chunkRequests() };
        const other = await peerCell({ data: far, expected, ...setting });
        const chunks = server.chunkRequests() - before.chunks;
        const others = (await server.counts()).requests - before.all - chunks;
        const here = found === undefined || one.best.wall < found.here.best.wall ? one : found.here;
        const isQuicker = found === undefined || other.best.wall < found.there.best.wall;
        found = isQuicker ? { here, there: other, chunks, others } : { ...found!, here };
      }
      return found!;
    };
    const all: { readonly pair: Pair; readonly figures: readonly Figure[] }[] = [];
    for (const setting of settings) {
      const pair = await measured(setting);
      all.push({ pair, figures: figuresOf(pair, needed.needed_chunks) });
    }
    const met = (one: (typeof all)[number]) => one.figures.filter((figure) => figure.met).length;
    all.sort((a, b) => met(b) - met(a) || a.pair.there.best.wall - b.pair.there.best.wall);
    figures.push(...all[0]!.figures);
    const rows = all.flatMap(({ pair }) => [pair.here, pair.there]);
    const table = rows.map((cell) => rowOf(cell, needed.needed_mb));
    notes.push("", "heatwave4, locally and with 20 ms a request:", alignedTable(head, table));
  } finally {
    server.stop();
  }
};

const figuresOf = ({ here, there, chunks, others }: Pair, needed: number): Figure[] => [
  ratioFigure(
    "heatwave4, 20 ms a request: wall, of local",
    there.best.wall / here.best.wall,
    { most: 2 },
    {
      note: `${settingOf(there)}: ${there.best.wall.toFixed(2)} of ${here.best.wall.toFixed(2)} s; the server's processor is shared`,
    },
  ),
  ratioFigure(
    "heatwave4, 20 ms a request: requests a chunk",
    chunks / needed,
    { most: 1 },
    {
      reach: "fewer by coalescing",
      note: `${chunks} for ${needed} chunks; ${others} for metadata and coordinates`,
    },
  ),
  {
    what: "heatwave4, 20 ms a request: rows",
    required: "as expected",
    measured: there.rows,
    met: there.isRight,
  },
];
