/** ewb on the peer's cases: one number of workers, one budget, the best of some runs. */
import { rmSync } from "node:fs";
import { type OneRun, oneRun, resultFiles } from "./oneRun.ts";
import { peerDifferences } from "./peerDifferences.ts";

export interface PeerCell {
  readonly workers: number;
  readonly memory: string | undefined;
  readonly best: OneRun;
  /** What its rows say against the expected ones; whether they are within tolerance. */
  readonly rows: string;
  readonly isRight: boolean;
}

export interface PeerCellOptions {
  readonly data: string;
  readonly expected: string;
  readonly runs: number;
}

const settings = ([undefined, "512MB"] as const).flatMap((memory) =>
  [0, 1, 2].map((workers) => ({ memory, workers })),
);

/** All cells in turn, so often; of each the quickest run, with the largest peak and worst rows of all. */
export const peerCells = async ({ data, expected, runs }: PeerCellOptions): Promise<PeerCell[]> => {
  const cells: (PeerCell | undefined)[] = settings.map(() => undefined);
  for (let run = 0; run < runs; run++) {
    for (const [i, setting] of settings.entries()) {
      cells[i] = joined(cells[i], await peerCell({ data, expected, ...setting }));
    }
  }
  return cells.filter((cell) => cell !== undefined);
};

export const peerCell = async ({
  data,
  expected,
  workers,
  memory,
}: Omit<PeerCellOptions, "runs"> & Pick<PeerCell, "workers" | "memory">): Promise<PeerCell> => {
  const best = await oneRun({
    ...{
      pipeline: "bench/pipelines/peerHeatwave.ts",
      data,
      workers,
      more: ["--ewb-csv"],
      pss: true,
      keep: true,
    },
    ...(memory === undefined ? {} : { memory }),
  });
  const csv = resultFiles(best.out, ".csv")[0];
  const rows = best.failed ?? (csv === undefined ? "no CSV" : peerDifferences(csv, expected));
  rmSync(best.out, { recursive: true, force: true });
  return { workers, memory, best, rows, isRight: rows.endsWith("rows within tolerance") };
};

const joined = (had: PeerCell | undefined, now: PeerCell): PeerCell => {
  if (had === undefined) return now;
  const [quick, slow] = now.best.wall < had.best.wall ? [now, had] : [had, now];
  const peakRss = Math.max(quick.best.peakRss, slow.best.peakRss);
  const cpu = Math.min(quick.best.cpu, slow.best.cpu);
  const worst = quick.isRight ? slow : quick;
  return { ...quick, best: { ...quick.best, peakRss, cpu }, rows: worst.rows, isRight: worst.isRight };
};
