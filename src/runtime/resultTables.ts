/** The files of a result: the table in Parquet and the further formats asked for, and failures and gaps beside it. */
import { accessSync, constants, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Row } from "../model/row.ts";
import type { Table } from "../model/run.ts";
import { writeArrow } from "../sinks/arrow/writeArrow.ts";
import { notWritten } from "../sinks/atomicFile.ts";
import { writeCsv } from "../sinks/csv/writeCsv.ts";
import { writeEwbCsv } from "../sinks/csv/writeEwbCsv.ts";
import { writeFailures, writeGaps, writeParquet } from "../sinks/parquet/writeParquet.ts";
import { filePlace } from "../sinks/published/filePlace.ts";
import type { Published } from "../sinks/published/published.ts";
import { setPlace } from "../sinks/published/setPlace.ts";
import { resultTable } from "../sinks/resultTable.ts";
import type { OwnedRun } from "./createRun.ts";
import { makeFolder } from "./machine/makeFolder.ts";
import type { Changes, Publication } from "./watch/publication.ts";

/** What is said of a result in its file, beside the documents of the run. */
export interface ResultFacts {
  readonly documents: ReadonlyMap<string, string>;
  readonly fingerprint?: string | undefined;
  readonly casesHash: () => string;
  /** Of a table that is published again and again. */
  readonly publication?: Publication;
  readonly onPublished?: (file: string, changes: Changes) => void;
}

/** Makes the folder of the results before anything is read: a run of hours must not end at a closed door. */
const openFolder = (file: string): void => {
  try {
    makeFolder(dirname(file));
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
  const { publication } = facts;
  const { partition, formats = [] } = run.options;
  const place =
    partition !== undefined ? setPlace(stem, partition, Date.now) : publication && filePlace(file);
  const table = resultTable([], { path: file, bytes }, place?.rule);
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
  const others = formats.map((format) => `${stem}.${format.replace("-", ".")}`);
  const publish = async (before: Published | undefined) => {
    // A run that gave nothing says so; what an earlier one found stays.
    if (before && publication) await publication.carry(place!, before, table, run.failures);
    if (table.length === 0) return;
    weigh();
    const sorted = place && (await table.sorted());
    const parts = place?.partsOf(table.parts) ?? [];
    const changes = publication && (await publication.changes(place!, before, sorted!, parts));
    if (before?.isDamaged)
      run.emit({
        event: "warning",
        source: place!.path,
        message: `${place!.path}: a part of what was published is damaged: its rows are in no history, and those of what failed now are gone`,
      });
    const isSame = changes !== undefined && changes.added + changes.changed + changes.gone === 0;
    if (isSame && before?.isInParts && others.every((one) => existsSync(one))) return;
    await publication?.recorded();
    if (formats.includes("csv")) await writeCsv(`${stem}.csv`, table);
    if (formats.includes("arrow")) await writeArrow(`${stem}.arrow`, table);
    if (formats.includes("ewb-csv")) {
      const { ewb11Metric, ewb11ValueType: valueType } = await import("../compat/ewb11/index.ts");
      await writeEwbCsv(`${stem}.ewb.csv`, table, ewb11Metric, { valueType });
    }
    // Last: what is there of the table is what was published.
    const said = metadata(run, facts);
    const bytes =
      place === undefined
        ? await writeParquet(file, table, said)
        : await place.write(sorted!, parts, said, before);
    const at = place?.path ?? file;
    if (changes !== undefined) facts.onPublished?.(at, changes);
    run.emit({ event: "published", path: at, rows: table.length, bytes });
  };
  return {
    add(row: Row) {
      table.add(row);
      if (table.length % weighedEvery === 0) weigh();
    },
    async publish() {
      await beside("failures", run.failures.length, (other) => writeFailures(other, run.failures));
      await beside("gaps", run.gaps.length, (other) => writeGaps(other, run.gaps));
      const before = await place?.open();
      try {
        await publish(before);
      } finally {
        await before?.close();
      }
    },
    discard() {
      isOver = true;
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
