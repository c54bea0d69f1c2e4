/** What a bench shows: required, reached, measured, PASS or MISSED. A figure without a requirement is for reading. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, hostname, loadavg, totalmem } from "node:os";
import { alignedTable } from "./alignedTable.ts";

export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly required?: string;
  readonly reach?: string;
  readonly met?: boolean;
  /** How it was measured, where that is not plain. */
  readonly note?: string;
}

/** A ratio that has to be `least` at least, or `most` at most. */
export const ratioFigure = (
  what: string,
  ratio: number,
  bound: { readonly least: number } | { readonly most: number },
  { reach = "-", note = "" }: { readonly reach?: string; readonly note?: string } = {},
): Figure => {
  const [required, met] =
    "least" in bound
      ? [`>= ${bound.least} x`, ratio >= bound.least]
      : [`<= ${bound.most} x`, ratio <= bound.most];
  return { what, measured: `${ratio.toFixed(2)} x`, required, reach, met, note };
};

const head = ["what", "required", "reach for", "measured", "", "note"];

/** Prints the figures and writes them to `bench/results/NAME-HOST-nodeVERSION.txt`. `began`: the load before. */
export const publishFigures = (
  name: string,
  figures: readonly Figure[],
  notes: readonly string[] = [],
): void => {
  const rows = figures.map(({ what, required = "", reach = "", measured, met, note = "" }) => [
    ...[what, required, reach, measured],
    ...[met === undefined ? "" : met ? "PASS" : "MISSED", note],
  ]);
  const missed = figures.filter(({ met }) => met === false).length;
  const machine = `node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model}, ${(totalmem() / 1e9).toFixed(0)} GB; load ${loadavg()[0]!.toFixed(1)}`;
  const busy =
    loadavg()[0]! > cpus().length + 1 ? ["the machine was busy: figures of several threads may mislead"] : [];
  const end = missed === 0 ? "all requirements met" : `MISSED: ${missed}`;
  const text = [`${name}: ${machine}`, ...busy, ...notes, "", alignedTable(head, rows), "", end, ""].join(
    "\n",
  );
  console.log(`\n${text}`);
  mkdirSync("bench/results", { recursive: true });
  writeFileSync(`bench/results/${name}-${hostname()}-node${process.versions.node}.txt`, text);
};

export const perSecond = (bytes: number, seconds: number): string =>
  `${(bytes / seconds / 1e9).toFixed(2)} GB/s`;
