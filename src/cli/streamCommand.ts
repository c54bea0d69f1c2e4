import { isEwbError } from "../model/errors.ts";
import type { RunEvent } from "../model/event.ts";
import type { Row } from "../model/row.ts";
import { formatBytes } from "../runtime/byteSize.ts";
import type { RunOptions } from "../runtime/options.ts";
import { type Started, start } from "../runtime/stream.ts";
import { duration } from "./progressLine.ts";
import type { Reporter } from "./reporter.ts";
import { resultTable } from "./table.ts";

/** Rows shown at the end; of a longer table the rest is for `ewb show`. */
const rowsShown = 20_000;
const tickEvery = 500;

export interface StreamSetting {
  readonly json: boolean;
  readonly reporter: Reporter;
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** Runs one pipeline file to its end and says what came of it. Returns the exit code: 0, 1 (failures), 130 (stopped). */
export const streamCommand = async (
  file: string,
  options: RunOptions,
  setting: StreamSetting,
): Promise<number> => {
  const { reporter, json, out, err } = setting;
  const began = performance.now();
  const published: Extract<RunEvent, { event: "published" }>[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.event === "published") published.push(event);
    reporter.event(event);
  };
  const data = typeof options.data === "object" ? options.data.name : (options.data ?? "sample");
  if (!json)
    err.write(
      `data set: ${data === "sample" ? "sample (embedded, synthetic: made here on first use)" : data}\n`,
    );
  const started = await start(file, { ...options, onEvent });
  const { run } = started;
  onEvent({
    event: "hello",
    run: {
      pipeline: file,
      command: options.command ?? "",
      version: run.version,
      out: options.out ?? ".",
      data,
    },
    memory: { budget: run.budget.limit },
    workers: run.workers,
  });
  const tick = () => reporter.event(run.progress.tick(performance.now(), run.budget.waiting));
  const ticking = setInterval(tick, tickEvery);
  const shown: Row[] = [];
  let rows = 0;
  try {
    const state = await subscribe(started, err, (row) => {
      rows += 1;
      if (shown.length < rowsShown) shown.push(row);
    });
    tick();
    reporter.end();
    onEvent({
      event: "end",
      state: state === "complete" && run.failures.length > 0 ? "failed" : state,
      rows,
      failed: run.failures.length,
    });
    if (!json) {
      if (shown.length > 0)
        out.write(`\n${resultTable(shown, { width: out.columns ?? 120, colour: colourWanted(out) })}\n`);
      out.write(summary(rows, published, started, (performance.now() - began) / 1000));
    }
    if (state === "stopped") return 130;
    return run.failures.length > 0 ? 1 : 0;
  } catch (error) {
    reporter.end();
    onEvent({
      event: "end",
      state: isEwbError(error, "Stopped") ? "stopped" : "failed",
      rows: 0,
      failed: run.failures.length,
    });
    throw error;
  } finally {
    clearInterval(ticking);
    await started[Symbol.asyncDispose]();
  }
};

/** Colour only on a terminal, and never against the user's `NO_COLOR`. */
export const colourWanted = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR;

/** Ctrl-C once: what is in work finishes and is published where whole; twice: at once, nothing is published. */
const subscribe = (started: Started, err: NodeJS.WriteStream, take: (row: Row) => void) =>
  new Promise<"complete" | "stopped">((resolve, reject) => {
    let interrupted = false;
    const interrupt = () => {
      if (interrupted) {
        started.run.stop();
        return;
      }
      interrupted = true;
      err.write("\nfinishing the chunks in work; what is whole is published. Ctrl-C again stops at once.\n");
      started.drain();
    };
    const unlisten = () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    started.rows.subscribe({
      next: take,
      error: (error: unknown) => {
        unlisten();
        reject(error);
      },
      complete: () => {
        unlisten();
        resolve(interrupted ? "stopped" : "complete");
      },
    });
  });

const summary = (
  rows: number,
  published: readonly { path: string; bytes: number }[],
  { run }: Started,
  seconds: number,
): string => {
  const tick = run.progress.tick(performance.now(), 0);
  const lines = [
    `${rows} rows of ${tick.units.done} units in ${duration(seconds)}, ${formatBytes(tick.bytes.read)} read`,
    ...published.map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`),
  ];
  if (rows === 0) {
    const why = run.draining
      ? "nothing was whole when the run was interrupted"
      : run.failures.length > 0
        ? "everything failed"
        : "the pipeline and the options leave no forecast chunk of any case; see ewb plan";
    lines.push(`no rows: ${why}. No table was written; one of an earlier run is unchanged.`);
  }
  const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  if (run.gaps.length > 0)
    lines.push(`${counted(run.gaps.length, "gap")}: things a source never had, see the gaps table`);
  if (run.failures.length > 0) {
    lines.push(
      `${counted(run.failures.length, "failure")}: what is not whole is not in the table, see the failures table`,
    );
  }
  return `${lines.join("\n")}\n`;
};
