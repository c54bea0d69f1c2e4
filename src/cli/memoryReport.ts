/** `--memory-report`: what was projected of memory against what was measured. Pure text from plain data. */
import { formatBytes } from "../runtime/byteSize.ts";
import { gridText } from "./textGrid.ts";

/** One source, metric or derivation, or the run as a whole. Bytes are those of its largest unit. */
export interface MemoryLine {
  readonly kind: "source" | "metric" | "derivation" | "run";
  readonly name: string;
  readonly units: number;
  readonly projected: number;
  /** null: nothing of it was measured. */
  readonly measured: number | null;
  /** What projections of it are multiplied by, as learned in this run; null: not learned. */
  readonly factor: number | null;
}

/** Bytes; null: not measured on this machine. */
export interface MemoryTotals {
  readonly limit: number | null;
  readonly baseline: number | null;
  readonly budget: number;
  /** Most that was admitted at once. */
  readonly peakAdmitted: number;
  /** Most the process tree held. */
  readonly peakRss: number | null;
}

const kinds = ["source", "derivation", "metric", "run"] as const;

/**
 * An aligned table, by kind, the largest first, and a last line with the totals.
 *
 * @param width columns of the terminal; long names are cut in the middle
 */
export const memoryReportText = (
  lines: readonly MemoryLine[],
  totals: MemoryTotals,
  width: number,
): string => {
  const grid = gridText(
    {
      columns: [
        { title: "memory of", align: "left", once: true },
        { title: "name", align: "left" },
        { title: "units", align: "right" },
        { title: "projected", align: "right" },
        { title: "measured", align: "right" },
        { title: "measured/projected", align: "right" },
        { title: "factor", align: "right" },
      ],
      lines: sorted(lines).map(({ kind, name, units, projected, measured, factor }) => [
        kind,
        name,
        `${units}`,
        formatBytes(projected),
        bytesText(measured),
        measured === null || projected === 0 ? "?" : (measured / projected).toFixed(2),
        factor === null ? "?" : factor.toFixed(2),
      ]),
    },
    width,
  );
  const { limit, baseline, budget, peakAdmitted, peakRss } = totals;
  const last = [
    `limit ${bytesText(limit)}`,
    `baseline ${bytesText(baseline)}`,
    `budget ${formatBytes(budget)}`,
    `peak admitted ${formatBytes(peakAdmitted)}`,
    `peak RSS ${bytesText(peakRss)}`,
  ];
  return `${[...grid, last.join(", ")].join("\n")}\n`;
};

/** The same as one JSON object: `{ memory: [lines], totals }`. */
export const memoryReportJson = (lines: readonly MemoryLine[], totals: MemoryTotals): string =>
  `${JSON.stringify({ memory: sorted(lines), totals })}\n`;

const sorted = (lines: readonly MemoryLine[]): readonly MemoryLine[] =>
  lines.toSorted(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      b.projected - a.projected ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );

const bytesText = (bytes: number | null): string => (bytes === null ? "?" : formatBytes(bytes));
