/** Lines of the table that sets the peer and ewb side by side. */
import type { PeerCell } from "./peerCells.ts";

export const head = [
  ...["program", "memory", "parallel", "wall s", "inside s", "CPU s", "peak RSS MB", "peak PSS MB"],
  ...["read MB", "of needed", "requests", "load", "rows"],
];

export const settingOf = ({ workers, memory }: PeerCell) =>
  `${workers} workers, ${memory ?? "default memory"}`;

export const rowOf = ({ memory, workers, best, rows }: PeerCell, needed: number): string[] => [
  ...[
    "ewb",
    memory ?? "default",
    `${workers}`,
    number(best.wall, 2),
    number(best.inside, 2),
    number(best.cpu, 2),
  ],
  ...[
    number(best.peakRss / 1e6, 0),
    number(best.peakPss / 1e6, 0),
    number((best.bytesRead ?? Number.NaN) / 1e6, 0),
  ],
  ...[
    number((best.bytesRead ?? Number.NaN) / 1e6 / needed, 2),
    `${best.requests ?? "-"}`,
    number(best.load),
    rows,
  ],
];

export const number = (value: number | undefined, digits = 1): string =>
  value === undefined || Number.isNaN(value) ? "-" : value.toFixed(digits);
