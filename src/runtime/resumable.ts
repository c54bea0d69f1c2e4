/**
 * A run that may be killed: what it finishes is kept on disk from its sixth second on, so that started again it does
 * only the rest; shorter runs leave nothing behind. When a run ends well what was kept of it is removed. A ledger that
 * cannot be had (another run has it, a folder that cannot be written) is told once, and the run goes on without.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isEwbError } from "../model/errors.ts";
import type { Finished, FinishedSite, UnitInputs, UnitName } from "../model/finished.ts";
import { ledgerFolder, type OpenWatch, openWatch } from "./watch/openWatch.ts";

export interface Resumable {
  readonly finished: Finished;
  /** Whether an earlier run has left something: it is asked for, not only kept. */
  readonly isResumed: boolean;
  /** Calls back when it is time to keep what is finished. */
  onKeep(act: () => void): void;
  /** The run is over; `isWell`: nothing of it need be kept. */
  end(isWell: boolean): Promise<void>;
}

export interface ResumableOptions {
  /** Pipeline file, folder of the results. */
  readonly file: string;
  readonly out: string;
  /** Whether what an earlier run has left is thrown away. */
  readonly fresh: boolean;
  readonly say: (message: string) => void;
  /** Milliseconds after which a run is worth keeping; 5000 unless said. */
  readonly keepAfter?: number;
}

interface Kept {
  readonly key: string;
  readonly unit: UnitName;
  readonly inputs: UnitInputs;
  readonly states: readonly unknown[];
}

/** @throws `LedgerCorrupt` where what an earlier run has left is damaged, naming `--fresh` */
export const resumable = async ({
  file,
  out,
  fresh,
  say,
  keepAfter = 5000,
}: ResumableOptions): Promise<Resumable> => {
  const folder = ledgerFolder(out, file, "resume");
  if (fresh) rmSync(folder, { recursive: true, force: true });
  let failed = false;
  const fail = (error: unknown) => {
    if (!failed) say(`this run could not be resumed if it were killed: ${messageOf(error)}`);
    failed = true;
  };
  let opened: OpenWatch | undefined;
  const isResumed = existsSync(join(folder, "db"));
  if (isResumed) {
    try {
      opened = await openWatch(file, out, fail, "resume");
      if (opened.renewed !== undefined) say(`${opened.renewed}: what an earlier run has left is not used`);
    } catch (error) {
      if (!isEwbError(error, "LedgerOwned", "LedgerReadOnly", "LedgerFull")) throw error;
      fail(error);
    }
  }
  let early: Kept[] = [];
  const acts: (() => void)[] = [];
  const begin = async () => {
    if (opened === undefined && !failed) opened = await openWatch(file, out, fail, "resume");
    for (const { key, unit, inputs, states } of early) {
      opened?.records.site(key).record(unit, inputs, states);
    }
    early = [];
    for (const act of acts.splice(0)) act();
  };
  let beginning: Promise<void> | undefined;
  const timer = setTimeout(() => {
    beginning = begin().catch((error) => {
      early = [];
      fail(error);
    });
  }, keepAfter);
  timer.unref();
  const site = (key: string): FinishedSite => {
    if (opened !== undefined) return opened.records.site(key);
    return {
      ...nothingKept,
      record(unit, inputs, states) {
        if (opened !== undefined) opened.records.site(key).record(unit, inputs, states);
        else if (!failed) early.push({ key, unit, inputs, states });
      },
    };
  };
  return {
    finished: { site },
    isResumed: opened !== undefined,
    onKeep: (act) => void acts.push(act),
    async end(isWell) {
      clearTimeout(timer);
      await beginning;
      await opened?.close().catch(fail);
      if (isWell && opened !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};

const nothingKept: Omit<FinishedSite, "record"> = {
  size: 0,
  find: () => undefined,
  units: () => [],
  states: async () => [],
  merged: async () => [],
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
