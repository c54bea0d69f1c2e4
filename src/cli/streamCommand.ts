import { hostname } from "node:os";
import { isEwbError } from "../model/errors.ts";
import type { EndEvent, RunEvent } from "../model/event.ts";
import type { Row } from "../model/row.ts";
import { formatBytes } from "../runtime/byteSize.ts";
import { cacheFolder } from "../runtime/folders.ts";
import { leftovers, leftText } from "../runtime/leftovers.ts";
import { thisSystem } from "../runtime/machine/system.ts";
import type { RunOptions } from "../runtime/options.ts";
import { fingerprint } from "../runtime/pipelineModule.ts";
import { resumable } from "../runtime/resumable.ts";
import { type Started, start } from "../runtime/stream.ts";
import type { WorkersAhead } from "../runtime/workersAhead.ts";
import { type MemoryLine, type MemoryTotals, memoryReportJson, memoryReportText } from "./memoryReport.ts";
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
  /** Threads that have begun. */
  readonly ahead?: WorkersAhead;
  /** Whether what a run that was killed has left is thrown away. */
  readonly fresh: boolean;
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
  const interrupts = listen(err);
  const say = (message: string) => reporter.event({ event: "note", message });
  const left = leftovers(options.out ?? ".", options.cache ?? cacheFolder(), thisSystem(), hostname());
  if (left.removed.length > 0) say(leftText(left.removed));
  const { fresh } = setting;
  const keeping = await resumable({ file, out: options.out ?? ".", fresh, say, mark: fingerprint(file) });
  const started = await start(
    file,
    { ...options, onEvent },
    {
      finished: keeping.finished,
      ...(setting.ahead ? { ahead: setting.ahead } : {}),
      ...(keeping.isResumed ? {} : { onKeep: keeping.onKeep }),
    },
  ).catch(async (error) => {
    interrupts.end();
    left.end();
    await keeping.end(false);
    throw error;
  });
  interrupts.begin(started);
  const { run } = started;
  started.emit(started.hello);
  const tick = () => started.emit(started.tick());
  const ticking = setInterval(tick, tickEvery);
  const shown: Row[] = [];
  let rows = 0;
  let isWell = false;
  try {
    const state = await rowsOf(started, interrupts, (row) => {
      rows += 1;
      if (shown.length < rowsShown) shown.push(row);
    });
    tick();
    reporter.end();
    const isFailed = state === "complete" && run.failures.length > 0;
    const end = endOf(started, isFailed ? "failed" : state, rows);
    started.emit(end);
    if (!json) {
      if (shown.length > 0)
        out.write(`\n${resultTable(shown, { width: out.columns ?? 120, colour: colourWanted(out) })}\n`);
      out.write(summary(end, published, started, (performance.now() - began) / 1000));
      if (options.memoryReport) out.write(memoryText(started, out.columns ?? 120));
    } else if (options.memoryReport) {
      out.write(memoryReportJson(linesOf(started), totalsOf(started)));
    }
    isWell = state === "complete" && run.failures.length === 0;
    if (state === "stopped") return 130;
    return run.failures.length > 0 ? 1 : 0;
  } catch (error) {
    reporter.end();
    started.emit(endOf(started, isEwbError(error, "Stopped") ? "stopped" : "failed", 0));
    throw error;
  } finally {
    clearInterval(ticking);
    await started[Symbol.asyncDispose]();
    left.end();
    await keeping.end(isWell);
  }
};

const endOf = (started: Started, state: EndEvent["state"], rows: number): EndEvent => {
  const { run, peak, hello } = started;
  const { t, units, bytes } = started.tick();
  return {
    event: "end",
    t,
    state,
    rows,
    units: units.done,
    failed: run.failures.length,
    out: hello.run.out,
    report: null,
    amplification: bytes.amplification,
    peak,
  };
};

/** Colour only on a terminal, and never against the user's `NO_COLOR`. */
export const colourWanted = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR;

interface Interrupts {
  readonly came: boolean;
  /** From now on there is something to finish. */
  begin(started: Started): void;
  end(): void;
}

/**
 * Ctrl-C once: what is in work finishes and is published where whole; twice, or before the run has begun: at once,
 * nothing is published.
 */
const listen = (err: NodeJS.WriteStream): Interrupts => {
  let started: Started | undefined;
  let came = false;
  const interrupt = () => {
    if (started === undefined) process.exit(130);
    if (came) {
      started.run.stop();
      return;
    }
    came = true;
    err.write("\nfinishing the chunks in work; what is whole is published. Ctrl-C again stops at once.\n");
    started.drain();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    get came() {
      return came;
    },
    begin(one) {
      started = one;
    },
    end: () => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
};

const rowsOf = (started: Started, interrupts: Interrupts, take: (row: Row) => void) =>
  new Promise<"complete" | "stopped">((resolve, reject) => {
    started.rows.subscribe({
      next: take,
      error: (error: unknown) => {
        interrupts.end();
        reject(error);
      },
      complete: () => {
        interrupts.end();
        resolve(interrupts.came ? "stopped" : "complete");
      },
    });
  });

const summary = (
  { rows, units, amplification, peak }: EndEvent,
  published: readonly { path: string; bytes: number }[],
  { run, hello, steering }: Started,
  seconds: number,
): string => {
  const { read } = run.progress.tick(performance.now()).bytes;
  const again = amplification === null ? "" : ` (${amplification.toFixed(2)} x what is needed once)`;
  const [first, last] = [hello.memory.limit, steering.state().limit];
  const limit = formatBytes(first ?? 0) + (last === first ? "" : `, later ${formatBytes(last ?? 0)}`);
  const lines = [
    `${rows} rows of ${units} units in ${duration(seconds)}, ${formatBytes(read)} read${again}, ` +
      `memory: at most ${formatBytes(peak ?? 0)} of ${limit}`,
    ...published.map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`),
  ];
  if (rows === 0) {
    const why = run.draining
      ? "nothing was whole when the run was interrupted"
      : run.failures.length > 0
        ? "everything failed"
        : "the pipeline and the options leave no forecast chunk of any case (a case outside of what the sources " +
          "cover, a metric that the pipeline does not have); see ewb plan";
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

const memoryText = (started: Started, width: number): string =>
  `\n${memoryReportText(linesOf(started), totalsOf(started), width)}`;

const linesOf = ({ measures }: Started): MemoryLine[] =>
  measures.all.map((measure) => ({ ...measure, factor: null }));

const totalsOf = ({ steering, hello, peak }: Started): MemoryTotals => ({
  limit: hello.memory.limit,
  baseline: hello.memory.baseline,
  budget: hello.memory.budget,
  peakAdmitted: steering.peakAdmitted,
  peakRss: peak,
});
