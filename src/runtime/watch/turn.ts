/**
 * One turn of a watch: one run of the pipeline against what is there now. Units whose inputs have not changed since they
 * were finished are taken over; a turn that is stopped half way publishes nothing and loses nothing.
 */
import { lastValueFrom, tap } from "rxjs";
import { EwbError } from "../../model/errors.ts";
import type { RunEvent } from "../../model/event.ts";
import type { LedgerRecords } from "../../model/ledger.ts";
import type { Failure, Row } from "../../model/row.ts";
import type { Clock } from "../../sources/stores/clock.ts";
import type { Slowed } from "../../sources/stores/hosts.ts";
import type { Remembered } from "../../sources/watch/seenStores.ts";
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
  /** Newest init of which anything was scored, by forecast, milliseconds UTC. */
  readonly newest: ReadonlyMap<string, number>;
  /** How often hosts asked for less, and the milliseconds they asked to wait. */
  readonly slowed: Slowed;
  readonly seconds: number;
  /** Rows by status. */
  readonly statuses: Readonly<Record<Row["status"], number>>;
  /** Bytes that were read of stores, and requests made. */
  readonly bytesRead: number;
  readonly requests: number;
  /** Most bytes the process tree was seen to hold. */
  readonly peak: number;
}

export interface TurnSetting {
  readonly records: LedgerRecords;
  readonly patience: WatchTurn;
  /** What earlier turns have read of stores that grow. */
  readonly remembered?: Remembered;
  /** Of requests; default: the machine's. */
  readonly clock?: Clock;
  readonly publication: Publication;
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
  { records, patience, remembered, clock, publication, begun, isChanged }: TurnSetting,
): Promise<TurnResult> => {
  const began = performance.now();
  const published = new Map<string, Changes>();
  const newest = new Map<string, number>();
  const waiting = { forecast: 0, target: 0, provisional: 0 };
  const onEvent = (event: RunEvent) => {
    if (event.event === "waiting") {
      waiting.forecast += event.forecast_units;
      waiting.target += event.target_units;
      waiting.provisional += event.provisional;
      const before = newest.get(event.forecast) ?? Number.NEGATIVE_INFINITY;
      if (event.newest_init !== null) newest.set(event.forecast, Math.max(before, event.newest_init));
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
      ...(remembered ? { remembered } : {}),
      ...(clock ? { clock } : {}),
      publication,
      onPublished: (path, changes) => published.set(path, changes),
    },
  );
  begun?.(started);
  let rows = 0;
  const statuses = { complete: 0, provisional: 0, partial: 0 };
  try {
    if (!wasChanged && isChanged?.())
      throw new EwbError("Pipeline", `${file} changed while it was being loaded`, { source: file });
    await lastValueFrom(
      started.rows.pipe(
        tap(({ status }) => {
          rows += 1;
          statuses[status] += 1;
        }),
      ),
      { defaultValue: undefined },
    );
    const { units, bytes, requests } = started.tick();
    const { slowed } = started;
    const { failures } = started.run;
    const seconds = (performance.now() - began) / 1000;
    const found = { rows, units: units.done, failures, waiting, published, newest, slowed, seconds };
    return { ...found, statuses, bytesRead: bytes.read, requests: requests.total, peak: started.peak };
  } finally {
    await started[Symbol.asyncDispose]();
    await records.flush();
  }
};

/** The newest init of all forecasts. */
export const newestOf = ({ newest }: Pick<TurnResult, "newest">): number | undefined =>
  newest.size === 0 ? undefined : Math.max(...newest.values());
