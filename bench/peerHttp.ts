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

/** Four cases over HTTP by the peer's server, beside the same locally. */
export const peerHttp = async (bench: PeerBench, four: PeerCell | undefined): Promise<void> => {
  const { python, scripts, stores, work, runs, figures, notes } = bench;
  const expected = join(scripts, "expected/heatwave4.csv");
  const setting = { workers: four?.workers ?? 2, memory: four?.memory };
  const server = await peerServer(python, join(scripts, "serve.py"), stores, 20);
  const text =
    "import json, sys, workloads; print(json.dumps(workloads.needed(sys.argv[1], 'heatwave4', climatology=True)))";
  const needed = JSON.parse(execFileSync(python, ["-c", text, stores], { cwd: scripts, encoding: "utf8" }));
  try {
    const folder = join(work, "http");
    const [near, far] = [
      writePeerDataSet(work, "heatwave4", stores),
      writePeerDataSet(folder, "heatwave4", server.address),
    ];
    let [local, remote, served]: [PeerCell | undefined, PeerCell | undefined, number] = [
      undefined,
      undefined,
      0,
    ];
    for (let run = 0; run < runs; run++) {
      const one = await peerCell({ data: near, expected, ...setting });
      if (local === undefined || one.best.wall < local.best.wall) local = one;
      const before = await server.counts();
      const other = await peerCell({ data: far, expected, ...setting });
      const requests = (await server.counts()).requests - before.requests;
      if (remote === undefined || other.best.wall < remote.best.wall) [remote, served] = [other, requests];
    }
    const [here, there] = [local!, remote!];
    figures.push(
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
        served / needed.needed_chunks,
        { most: 1 },
        {
          reach: "fewer by coalescing",
          note: `${served} for ${needed.needed_chunks} chunks, metadata and all`,
        },
      ),
      {
        what: "heatwave4, 20 ms a request: rows",
        required: "as expected",
        measured: there.rows,
        met: there.isRight,
      },
    );
    const table = [rowOf(here, needed.needed_mb), rowOf(there, needed.needed_mb)];
    notes.push("", "heatwave4, locally and with 20 ms a request:", alignedTable(head, table));
  } finally {
    server.stop();
  }
};
