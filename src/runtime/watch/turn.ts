/**
 * One turn of a watch: one run of the pipeline against what is there now. Units whose inputs have not changed since they
 * were finished are taken over; a turn that is stopped half way publishes nothing and loses nothing.
 */
import { lastValueFrom, tap } from "rxjs";
import { EwbError } from "../../model/errors.ts";
import type { RunEvent } from "../../model/event.ts";
import type { LedgerRecords } from "../../model/ledger.ts";
import type { Failure, Row } from "../../model/row.ts";
import type { RunOptions } from "../options.ts";
import { type Started, start } from "../stream.ts";
import { withOwnSignal } from "./ownSignal.ts";
import type { WatchTurn } from "./patience.ts";
import type { Changes, Publication } from "./publication.ts";

export interface TurnResult {
  readonly rows: number;
  readonly units: number;
  readonly failures: readonly Failure[];
  /** Units that wait, by what for; and those that count although they lack something. */
  readonly waiting: { readonly forecast: number; readonly target: number; readonly provisional: number };
  /** By path of the table; empty where nothing was published, since nothing changed. */
  readonly published: ReadonlyMap<string, Changes>;
  /** Newest init of which anything was scored, milliseconds UTC. */
  readonly newestInit: number | undefined;
  readonly seconds: number;
  /** Rows by status. */
  readonly statuses: Readonly<Record<Row["status"], number>>;
  /** Bytes that were read of stores. */
  readonly bytesRead: number;
  /** Most bytes the process tree was seen to hold. */
  readonly peak: number;
}

export interface TurnSetting {
  readonly records: LedgerRecords;
  readonly patience: WatchTurn;
  /** The table at a path, as it was published last. */
  readonly publication: (file: string) => Promise<Publication>;
  /** Told of the run when it has begun. */
  readonly begun?: (started: Started) => void;
  /** Whether the pipeline is no longer what this process has loaded, on disk. */
  readonly isChanged?: () => boolean;
}

/** @throws what the run throws: what it has finished until then is kept */
export const runTurn = (file: string, options: RunOptions, setting: TurnSetting): Promise<TurnResult> =>
  withOwnSignal(options.signal, (signal) => turn(file, { ...options, signal }, setting));

const turn = async (
  file: string,
  options: RunOptions,
  { records, patience, publication, begun, isChanged }: TurnSetting,
): Promise<TurnResult> => {
  const began = performance.now();
  const published = new Map<string, Changes>();
  const waiting = { forecast: 0, target: 0, provisional: 0 };
  const onEvent = (event: RunEvent) => {
    if (event.event === "waiting") {
      waiting.forecast += event.forecast_units;
      waiting.target += event.target_units;
      waiting.provisional += event.provisional;
    }
    options.onEvent?.(event);
  };
  // A worker would load what is on disk now; this thread has what was there when the watch began.
  const wasChanged = isChanged?.() ?? false;
  const started = await start(
    file,
    { ...options, onEvent, ...(wasChanged ? { workers: 0 } : {}) },
    {
      finished: records,
      watching: patience,
      publication,
      onPublished: (path, changes) => published.set(path, changes),
    },
  );
  begun?.(started);
  let rows = 0;
  let newestInit: number | undefined;
  const statuses = { complete: 0, provisional: 0, partial: 0 };
  try {
    if (!wasChanged && isChanged?.())
      throw new EwbError("Pipeline", `${file} changed while it was being loaded`, { source: file });
    await lastValueFrom(
      started.rows.pipe(
        tap(({ init_time, status }) => {
          rows += 1;
          statuses[status] += 1;
          if (init_time !== null) newestInit = Math.max(newestInit ?? init_time, init_time);
        }),
      ),
      { defaultValue: undefined },
    );
    const { units, bytes } = started.tick();
    const { failures } = started.run;
    const seconds = (performance.now() - began) / 1000;
    const found = { rows, units: units.done, failures, waiting, published, newestInit, seconds };
    return { ...found, statuses, bytesRead: bytes.read, peak: started.peak };
  } finally {
    await started[Symbol.asyncDispose]();
    await records.flush();
  }
};
