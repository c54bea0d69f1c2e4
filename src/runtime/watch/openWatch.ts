/** What a watch keeps beside its results: the ledger, by pipeline and version of the program, and what was published. */
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join, resolve } from "node:path";
import { isEwbError } from "../../model/errors.ts";
import type { Ledger, LedgerRecords } from "../../model/ledger.ts";
import { type LedgerEffects, openLedger } from "../ledger/openLedger.ts";
import { openRecords } from "../ledger/openRecords.ts";
import { makeFolder } from "../machine/makeFolder.ts";
import { thisSystem } from "../machine/system.ts";
import { packageVersion } from "../packageVersion.ts";
import { fingerprint } from "../pipelineModule.ts";
import { fingerprintOf, pipelineParts } from "../pipelineParts.ts";
import { changeOf, filesAndPackages, readAbout } from "./about.ts";
import { pastsOf } from "./pasts.ts";
import { Publication } from "./publication.ts";

export interface OpenWatch {
  readonly folder: string;
  /** Units and rows, of this pipeline and version only. */
  readonly records: LedgerRecords;
  readonly publication: Publication;
  /** What has changed since the ledger was used last, so that units are computed anew; undefined: nothing. */
  readonly renewed: string | undefined;
  /** Imports of the pipeline of which a change is not noticed. */
  readonly unfollowed: readonly string[];
  /** Whether the pipeline on disk is no longer the one that this ledger was opened for. */
  isChanged(): boolean;
  /** How many versions there are of rows that have a past, by key. */
  pasts(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** Of a watch, or of a run that may be killed. */
export type LedgerKind = "ledger" | "resume";

/** Folder of the ledger of a pipeline whose results are in `out`. */
export const ledgerFolder = (out: string, pipeline: string, kind: LedgerKind): string =>
  join(resolve(out), `${basename(pipeline).replace(/\.[^.]*$/, "")}.${kind}`);

export interface OpenWatchOptions {
  readonly kind?: LedgerKind;
  /** Of the pipeline as it runs (`fingerprint`); default: as it is on disk. */
  readonly mark?: string;
  /** Whether what is there is thrown away. */
  readonly fresh?: boolean;
}

/**
 * @param failed told when something could not be written; it is kept and tried again
 * @throws `LedgerOwned`, `LedgerReadOnly`, `LedgerFull`, `LedgerCorrupt`, `LedgerNewer`
 */
export const openWatch = async (
  file: string,
  out: string,
  failed: (error: unknown) => void,
  { kind = "ledger", mark: given, fresh = false }: OpenWatchOptions = {},
): Promise<OpenWatch> => {
  const parts = pipelineParts(file);
  const of = given ?? fingerprintOf(parts);
  const folder = ledgerFolder(out, file, kind);
  const now = Date.now;
  const ledger = await openPatiently(folder, { system: thisSystem(), host: hostname(), now });
  const after = (milliseconds: number, act: () => void) => {
    const timer = setTimeout(act, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  };
  const mark = `${of} ${program}`;
  const isWanted = (site: string) => !fresh && site.startsWith(`${mark} `);
  const records = await openRecords(ledger, folder, { now, after, failed, isWanted });
  const path = join(folder, "about.json");
  const before = readAbout(path);
  // Of another pipeline than the one on disk the parts are not known.
  const known = fingerprintOf(parts) === of ? filesAndPackages(file, parts) : {};
  const about = { pipeline: of, version: program, ...known };
  makeFolder(folder);
  writeFileSync(path, JSON.stringify(about));
  return {
    folder,
    records: ofMark(records, mark),
    publication: new Publication(records, now),
    renewed: changeOf(before, about),
    unfollowed: parts.unfollowed,
    isChanged() {
      try {
        return `${fingerprint(file)} ${program}` !== mark;
      } catch {
        return true; // a file of it is being replaced
      }
    },
    async pasts() {
      await records.flush();
      return pastsOf(ledger);
    },
    close: () => records.close(),
  };
};

/** Whose states are kept; the second number is another one where their form changes within a version. */
const program = `${packageVersion}/2`;

/** A process that was killed a moment ago may still hold what it had: milliseconds, between tries and in all. */
const [tryEvery, tryFor] = [100, 3000];

const openPatiently = async (folder: string, effects: LedgerEffects): Promise<Ledger> => {
  for (let waited = 0; ; waited += tryEvery) {
    try {
      return await openLedger(folder, effects);
    } catch (error) {
      if (!isEwbError(error, "LedgerOwned") || waited >= tryFor) throw error;
      await new Promise((resolve) => setTimeout(resolve, tryEvery));
    }
  }
};

/** Sites of another pipeline, or of another version of the program, are other sites. */
const ofMark = (records: LedgerRecords, mark: string): LedgerRecords => ({
  site: (key) => records.site(`${mark} ${key}`),
  get waiting() {
    return records.waiting;
  },
  append: (row, version) => records.append(row, version),
  history: (row) => records.history(row),
  prune: (rule) => records.prune(rule),
  forget: (days) => records.forget(days),
  flush: () => records.flush(),
  close: () => records.close(),
});
