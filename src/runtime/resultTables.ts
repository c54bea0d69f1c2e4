/** The files of a result: the table in Parquet and the further formats asked for, and failures and gaps beside it. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Row } from "../model/row.ts";
import type { Table } from "../model/run.ts";
import { writeArrow } from "../sinks/arrow/writeArrow.ts";
import { notWritten } from "../sinks/atomicFile.ts";
import { writeCsv } from "../sinks/csv/writeCsv.ts";
import { writeEwbCsv } from "../sinks/csv/writeEwbCsv.ts";
import { writeFailures, writeGaps, writeParquet } from "../sinks/parquet/writeParquet.ts";
import { resultTable } from "../sinks/resultTable.ts";
import type { OwnedRun } from "./createRun.ts";
import type { Changes, Publication } from "./watch/publication.ts";

/** What is said of a result in its file, beside the documents of the run. */
export interface ResultFacts {
  readonly documents: ReadonlyMap<string, string>;
  readonly fingerprint?: string | undefined;
  readonly casesHash: () => string;
  /** Of a table that is published again and again. */
  readonly publication?: (file: string) => Promise<Publication>;
  readonly onPublished?: (file: string, changes: Changes) => void;
}

/** Makes the folder of the results before anything is read: a run of hours must not end at a closed door. */
const openFolder = (file: string): void => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw notWritten(file, cause);
  }
};

/** Rows of a table beyond this share of the budget, within these bytes, are put aside on disk until it is written. */
const spillShare = 1 / 16;
const spillBytes = { least: 4e6, most: 32e6 };

/** Rows between two looks at how large the table has become. */
const weighedEvery = 4096;

/**
 * @param path of the Parquet file, relative to `--out`; the others have its name with another ending
 * @returns a table that is written, whole, by `publish`; without a row the file of an earlier run stays
 * @throws `Write` where its folder cannot be made or written to
 */
export const resultTables = (run: OwnedRun, path: string, facts: ResultFacts): Table => {
  const file = resolve(run.options.out ?? ".", path);
  const stem = file.replace(/\.parquet$/, "");
  openFolder(file);
  const share = Math.floor(run.budget.limit * spillShare);
  const bytes = Math.min(spillBytes.most, Math.max(spillBytes.least, share));
  const table = resultTable([], { path: file, bytes });
  const again = facts.publication?.(file);
  // Awaited where the table is published.
  again?.catch(() => {});
  /** What is there of the next table before it is known what the last one had. */
  const early: Row[] = [];
  let known: Publication | undefined;
  const note = (row: Row) => (known === undefined ? early.push(row) : known.add(row));
  again
    ?.then((found) => {
      known = found;
      for (const row of early.splice(0)) found.add(row);
    })
    .catch(() => {});
  let kept = 0;
  let isOver = false;
  const weigh = () => {
    // A table that is given up while it is published may still be at it.
    if (isOver) return;
    run.budget.keep(table.bytes - kept);
    kept = table.bytes;
  };
  const beside = async (name: string, count: number, write: (path: string) => Promise<unknown>) => {
    const other = `${stem}.${name}.parquet`;
    // A table of an earlier run would speak of things that are no longer so.
    if (count === 0) await rm(other, { force: true });
    else await write(other);
  };
  return {
    add(row: Row) {
      table.add(row);
      if (again !== undefined) note(row);
      if (table.length % weighedEvery === 0) weigh();
    },
    async publish() {
      await beside("failures", run.failures.length, (other) => writeFailures(other, run.failures));
      await beside("gaps", run.gaps.length, (other) => writeGaps(other, run.gaps));
      // A run that gave nothing says so; what an earlier one found stays.
      const before = await again;
      for (const row of (await before?.carried(run.failures)) ?? []) {
        table.add(row);
        before!.add(row);
      }
      if (table.length === 0) return;
      const changes = before?.changes;
      const formats = run.options.formats ?? [];
      const files = [file, ...formats.map((format) => `${stem}.${format.replace("-", ".")}`)];
      const isSame = changes !== undefined && changes.added + changes.changed + changes.gone === 0;
      if (isSame && files.every((one) => existsSync(one))) {
        before!.discarded();
        return;
      }
      weigh();
      await before?.recorded();
      if (formats.includes("csv")) await writeCsv(`${stem}.csv`, table);
      if (formats.includes("arrow")) await writeArrow(`${stem}.arrow`, table);
      if (formats.includes("ewb-csv")) {
        const { ewb11Metric, ewb11ValueType: valueType } = await import("../compat/ewb11/index.ts");
        await writeEwbCsv(`${stem}.ewb.csv`, table, ewb11Metric, { valueType });
      }
      // Last: what is there of the table is what was published.
      const bytes = await writeParquet(file, table, metadata(run, facts));
      before?.published();
      if (changes !== undefined) facts.onPublished?.(file, changes);
      run.emit({ event: "published", path: file, rows: table.length, bytes });
    },
    discard() {
      isOver = true;
      known?.discarded();
      table.close();
      run.budget.keep(-kept);
      kept = 0;
    },
  };
};

const metadata = (
  run: OwnedRun,
  { documents, fingerprint, casesHash }: ResultFacts,
): Record<string, string> => ({
  "ewb.version": run.version,
  "ewb.command": run.options.command ?? "",
  ...(fingerprint === undefined ? {} : { "ewb.pipeline": fingerprint }),
  "ewb.cases": casesHash(),
  "ewb.failures": `${run.failures.length}`,
  "ewb.gaps": `${run.gaps.length}`,
  ...Object.fromEntries([...documents].map(([key, text]) => [`ewb.${key}`, text])),
});
