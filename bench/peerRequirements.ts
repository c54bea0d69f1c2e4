/** What is required of one cell beside the peer's line of JSON. */
import { type Figure, ratioFigure } from "./figures.ts";
import type { Workload } from "./peerCases.ts";
import type { PeerCell } from "./peerCells.ts";
import { settingOf } from "./peerTable.ts";

export const peerRequirements = (workload: Workload, line: any, cell: PeerCell): Figure[] => {
  const { best, rows, isRight } = cell;
  const needed = line.needed_mb * 1e6;
  const read = (best.bytesRead ?? Number.NaN) / needed;
  const share = (what: string, ours: number, theirs: number, part: number, reach: string): Figure => ({
    what: `${workload}: ${what}`,
    required: `<= 1/${part}`,
    reach,
    measured: `1/${(theirs / ours).toFixed(1)}`,
    met: ours <= theirs / part,
    note: settingOf(cell),
  });
  const right: Figure = { what: `${workload}: rows`, required: "as expected", measured: rows, met: isRight };
  const isOne = workload === "heatwave";
  return [
    share(
      "wall, whole process, of the peer's evaluation",
      best.wall,
      line.wall_s,
      isOne ? 10 : 15,
      isOne ? "1/18" : "1/30",
    ),
    ...(isOne
      ? [
          share("processor time", best.cpu, line.cpu_s, 8, "1/13"),
          share("peak memory", best.peakRss / 1e6, line.peak_rss_mb, 6, "1/14"),
        ]
      : []),
    ratioFigure(
      `${workload}: bytes read of the chunk files`,
      read,
      { most: isOne ? 0.4 : 1 },
      { reach: isOne ? "0.28" : "-" },
    ),
    right,
  ];
};
