/**
 * A run that may be killed: what it finishes is kept on disk from its sixth second on, so that started again it does
 * only the rest; shorter runs leave nothing behind. When a run ends well what was kept of it is removed. A ledger that
 * cannot be had (another run has it, a folder that cannot be written) is told once, and the run goes on without.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EwbError, isEwbError } from "../model/errors.ts";
import type { Finished, FinishedSite } from "../model/finished.ts";
import { fingerprint } from "./pipelineModule.ts";
import { shortened } from "./watch/about.ts";
import { ledgerFolder, type OpenWatch, openWatch } from "./watch/openWatch.ts";

export interface Resumable {
  readonly finished: Finished;
  /** Whether an earlier run has left something: it is asked for, not only kept. */
  readonly isResumed: boolean;
  /** Calls back when it is time to keep what is finished, or when it is clear that nothing can be. */
  onKeep(act: (nothing: boolean) => void): void;
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
  /** Of the pipeline as it was when the run began (`fingerprint`). */
  readonly mark: string;
  /** Milliseconds after which a run is worth keeping; 5000 unless said. */
  readonly keepAfter?: number;
}

/** @throws `LedgerCorrupt` where what an earlier run has left is damaged, naming `--fresh` */
export const resumable = async ({
  mark,
  file,
  out,
  fresh,
  say,
  keepAfter = 5000,
}: ResumableOptions): Promise<Resumable> => {
  const folder = ledgerFolder(out, file, "resume");
  let failed = false;
  const acts: ((nothing: boolean) => void)[] = [];
  /** Nothing more is kept: it would only grow. */
  const fail = (error: unknown) => {
    early = [];
    for (const act of acts) act(true);
    if (!failed) say(`this run could not be resumed if it were killed: ${messageOf(error)}`);
    failed = true;
  };
  let opened: OpenWatch | undefined;
  /** What is finished before anything is kept. */
  let early: ((finished: Finished) => void)[] = [];
  if (existsSync(join(folder, "db"))) {
    try {
      opened = await openWatch(file, out, fail, { kind: "resume", mark, fresh });
      if (opened.renewed !== undefined) say(`${opened.renewed}: what an earlier run has left is not used`);
      else if (!fresh) {
        say("going on where an earlier run of this pipeline ended (--fresh starts anew)");
        if (opened.unfollowed.length > 0)
          say(
            `a change is not noticed behind imports that cannot be followed: ${shortened(opened.unfollowed)} ` +
              "(--fresh starts anew)",
          );
      }
    } catch (error) {
      const isDamaged = isEwbError(error, "LedgerCorrupt", "LedgerNewer");
      if (isDamaged && fresh) rmSync(folder, { recursive: true, force: true });
      else if (isEwbError(error, "LedgerOwned", "LedgerReadOnly", "LedgerFull")) fail(error);
      else throw error;
    }
  }
  const begin = async () => {
    if (opened === undefined && !failed && fingerprint(file) !== mark) {
      throw new EwbError("Pipeline", "the pipeline was changed after the run began", { source: file });
    }
    if (opened === undefined && !failed) opened = await openWatch(file, out, fail, { kind: "resume", mark });
    if (opened !== undefined) for (const keep of early) keep(opened.records);
    early = [];
    if (!failed) for (const act of acts) act(false);
  };
  let beginning: Promise<void> | undefined;
  const timer = setTimeout(() => {
    beginning = begin().catch(fail);
  }, keepAfter);
  timer.unref();
  const site = (key: string): FinishedSite => {
    const kept = opened?.records.site(key);
    let there = kept;
    const siteOf = (finished: Finished): FinishedSite => {
      there ??= finished.site(key);
      return there;
    };
    const keep = (act: (site: FinishedSite) => void): void => {
      if (failed) return;
      if (opened !== undefined) act(siteOf(opened.records));
      else early.push((finished) => act(siteOf(finished)));
    };
    const recording: Pick<FinishedSite, "record" | "bundle"> = {
      record: (unit, inputs, states) => keep((site) => site.record(unit, inputs, states)),
      bundle: (units, states) => keep((site) => site.bundle(units, states)),
    };
    if (kept === undefined) return { ...nothingKept, ...recording };
    return {
      size: kept.size,
      find: (unit) => kept.find(unit),
      units: () => kept.units(),
      parts: (units) => kept.parts(units),
      ...recording,
    };
  };
  return {
    finished: { site },
    isResumed: opened !== undefined && !fresh,
    onKeep: (act) => void acts.push(act),
    async end(isWell) {
      clearTimeout(timer);
      await beginning;
      await opened?.close().catch(fail);
      if (isWell && opened !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};

const nothingKept: Omit<FinishedSite, "record" | "bundle"> = {
  size: 0,
  find: () => undefined,
  units: () => [],
  async *parts() {},
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
