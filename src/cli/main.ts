#!/usr/bin/env node
/** `ewb`: parses the command line, makes a run, subscribes, gives the exit code. */
import { Command, Option } from "commander";
import { isEwbError } from "../model/errors.ts";
import { thisSystem } from "../runtime/machine/system.ts";
import type { RunOptions } from "../runtime/options.ts";
import { packageVersion } from "../runtime/packageVersion.ts";
import { workersAhead } from "../runtime/workersAhead.ts";
import type { ControlFlags } from "./controlCommand.ts";
import type { HistoryOptions } from "./historyCommand.ts";
import { caseIds, parseSelection, positive, type SelectionText, share } from "./selection.ts";
import { toldCommand } from "./toldCommand.ts";
import type { WatchText } from "./watchFlags.ts";

interface StreamFlags extends SelectionText {
  readonly data: string;
  readonly out: string;
  readonly memory?: string;
  readonly workers?: string;
  readonly workersAs?: "thread" | "process";
  readonly memoryReport?: boolean;
  readonly maxMissing?: string;
  readonly csv?: boolean;
  readonly arrow?: boolean;
  readonly ewbCsv?: boolean;
  readonly fresh?: boolean;
  readonly partition?: "case" | "month";
  readonly json?: boolean;
}

const runOptions = async (flags: StreamFlags): Promise<RunOptions> => ({
  data: flags.data,
  out: flags.out,
  command: toldCommand(process.argv.slice(2)),
  select: await parseSelection(flags),
  formats: [
    ...(flags.csv ? ["csv" as const] : []),
    ...(flags.arrow ? ["arrow" as const] : []),
    ...(flags.ewbCsv ? ["ewb-csv" as const] : []),
  ],
  ...(flags.cases !== undefined && caseIds(flags.cases) === undefined ? { cases: flags.cases } : {}),
  ...(flags.memory ? { memory: flags.memory } : {}),
  ...(flags.workers ? { workers: positive("--workers", flags.workers, 0) } : {}),
  ...(flags.workersAs ? { workersAs: flags.workersAs } : {}),
  ...(flags.memoryReport ? { memoryReport: true } : {}),
  ...(flags.partition ? { partition: flags.partition } : {}),
  ...(flags.maxMissing ? { maxMissing: share("--max-missing", flags.maxMissing) } : {}),
});

/** A new one for each command that has it. */
const partition = (): Option =>
  new Option(
    "--partition <part>",
    "a set of files instead of one: one for each case, or month of the init",
  ).choices(["case", "month"]);

/** Names of an option that may be given as a list, several times, or both. */
const names = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(",").map((name) => name.trim()),
];

const selecting = (command: Command): Command =>
  command
    .option(
      "--data <name|file>",
      'data set: "sample" (embedded), "public" (cloud stores), or a YAML file',
      "sample",
    )
    .option("--cases <file|ids>", "a case file, or ids of cases: 1,4-7")
    .option("--forecast <names>", "only these forecasts: A,B (or given twice)", names)
    .option("--metric <names>", "only these metrics: rmse,bias (or given twice)", names)
    .option("--inits <a..b>", "only runs that start within these times (UTC)")
    .option("--leads <a..b>", "only leads within these hours")
    .option("--limit <n>", "at most so many chunks of a forecast a case, to try something out")
    .option(
      "--memory <size>",
      "what the run may hold in all, workers included: 512MB. Default: by the machine (ewb plan tells)",
    )
    .option("--workers <n>", "how many workers; 0: none. Default: cores - 1, fewer where memory is short")
    .addOption(
      new Option("--workers-as <kind>", "threads are small; a process may be killed and the run goes on")
        .choices(["thread", "process"])
        .default("thread"),
    )
    .addOption(new Option("--json", "one JSON object a line, for machines"));

const { stdout: out, stderr: err } = process;

/** Runs several files one after the other; the worst exit code counts. */
const eachFile = async (files: readonly string[], run: (file: string) => Promise<number>): Promise<void> => {
  let worst = 0;
  for (const file of files) {
    worst = Math.max(worst, await run(file));
    if (worst === 130) break;
  }
  process.exitCode = worst;
};

const program = new Command("ewb")
  .description("How good was a weather forecast when the weather was extreme?")
  .version(packageVersion)
  .option("--debug", "show where an error came from")
  .showHelpAfterError("(--help lists the options)")
  .exitOverride();

selecting(program.command("stream"))
  .description("run pipelines: stream chunks, derive, reduce by metric, write Parquet")
  .argument("<file.ts...>")
  .option("--out <folder>", "folder for results", ".")
  .option("--memory-report", "at the end: what was projected of memory, and what was measured")
  .option("--max-missing <share>", "share of a unit's chunks that may be unreadable, e.g. 5%")
  .addOption(partition())
  .option("--csv", "also CSV")
  .option("--arrow", "also Arrow IPC")
  .option("--ewb-csv", "also the nine columns of ExtremeWeatherBench")
  .option("--fresh", "do not go on where a run that was killed ended")
  .addHelpText(
    "after",
    `
Examples:
  ewb stream pipelines/heatwave.ts                                  # the embedded sample
  ewb stream pipelines/heatwave.ts --data my.yaml --leads 0..120 --metric rmse
  ewb stream pipelines/heatwave.ts --cases 1,3 --memory 512MB --out results --csv

Exit codes: 0 all is well, 1 something failed (see the failures table), 2 wrong usage, 130 interrupted.`,
  )
  .action(async (files: string[], flags: StreamFlags) => {
    const options = await runOptions(flags);
    const json = flags.json ?? false;
    let ahead = workersAhead(thisSystem(), options);
    const [{ jsonReporter, textReporter }, { streamCommand }] = await Promise.all([
      import("./reporter.ts"),
      import("./streamCommand.ts"),
    ]);
    await eachFile(files, (file) => {
      const reporter = json ? jsonReporter({ out, err }) : textReporter({ out, err });
      const fresh = flags.fresh ?? false;
      const setting = { json, reporter, out, err, fresh, ...(ahead ? { ahead } : {}) };
      ahead = undefined; // the first file's
      return streamCommand(file, options, setting);
    });
  });

selecting(program.command("watch"))
  .description("the same pipeline, continuously: new inits, late targets, revisions")
  .argument("<file.ts>")
  .option("--out <folder>", "folder for results and for the ledger of what is finished", ".")
  .option(
    "--every <time>",
    "how long between two looks: 30s, 5m. Default: by the rhythm of inits, 15s to 15m",
  )
  .option("--once", "one look, then end")
  .option("--forecast-deadline <time>", "after the init: what lacks something counts as it is, provisionally")
  .option("--forecast-never <time>", "after the init: what is not there will not come")
  .option("--target-deadline <time>", "the same for targets, after the valid time")
  .option("--target-never <time>", "the same for targets, after the valid time")
  .option(
    "--wait <name=time>",
    "deadline of one source: model=3d, with never: model=3d,30d (or given several times)",
    (text: string, before: readonly string[] = []) => [...before, text],
  )
  .option("--max-missing <share>", "share of a unit's chunks that may be unreadable, e.g. 5%")
  .option("--keep-history <time>", "remove what rows said longer ago, e.g. 90d; default: never")
  .option(
    "--on-new-rows <command>",
    "run by the shell when a table was published, with a summary as JSON on its input",
  )
  .option("--webhook <url>", "the same by POST")
  .option("--webhook-secret-file <file>", "signs what is posted: HMAC-SHA256")
  .option("--listen <host:port>", "answer /healthz, /metrics and /history, e.g. 127.0.0.1:9464")
  .option("--listen-anywhere", "--listen may be an address that other machines reach")
  .option("--notice-token-file <file>", "POST /notice with this bearer token begins a turn")
  .addOption(partition())
  .option("--csv", "also CSV")
  .option("--arrow", "also Arrow IPC")
  .addHelpText(
    "after",
    `
Examples:
  ewb watch pipelines/heatwave.ts --data my.yaml --out results
  ewb watch pipelines/heatwave.ts --data my.yaml --every 5m --target-deadline 6d
  ewb watch pipelines/heatwave.ts --data my.yaml --listen 127.0.0.1:9464 --json

A turn begins with one worker; the others of --workers start when it takes longer than a second.
Rows that may still change have the status "provisional". It may be killed at any time: it goes on when it is
started again. SIGHUP makes it look at once. "ewb history" tells what rows said before.
Exit codes: 0 it was told to end (SIGTERM, Ctrl-C), 1 something failed, 2 wrong usage, 130 interrupted twice.`,
  )
  .action(async (file: string, flags: StreamFlags & WatchText) => {
    const [{ watchCommand }, { watchFlags }] = await Promise.all([
      import("./watchCommand.ts"),
      import("./watchFlags.ts"),
    ]);
    process.exitCode = await watchCommand(file, await runOptions(flags), watchFlags(flags), { out, err });
  });

selecting(program.command("plan"))
  .description("what a pipeline would read, and where its memory and workers come from: metadata only")
  .argument("<file.ts...>")
  .addHelpText(
    "after",
    "\nExamples:\n  ewb plan pipelines/heatwave.ts --leads 0..48\n  ewb plan pipelines/heatwave.ts --memory 512MB --workers 2",
  )
  .action(async (files: string[], flags: StreamFlags) => {
    const { planCommand } = await import("./planCommand.ts");
    const options = await runOptions({ ...flags, out: "." });
    await eachFile(files, (file) => planCommand(file, options, flags.json ?? false, out));
  });

program
  .command("cases")
  .description("look at cases: list, show ID, check FILE")
  .argument("[action]", "list, show or check", "list")
  .argument("[id|file]")
  .option("--data <name|file>", "data set whose cases are meant", "sample")
  .option("--cases <file>", "a case file")
  .addHelpText("after", "\nExamples:\n  ewb cases\n  ewb cases show 1\n  ewb cases check my-cases.yaml")
  .action(async (action: string, subject: string | undefined, flags: { data: string; cases?: string }) => {
    const { casesCommand } = await import("./casesCommand.ts");
    process.exitCode = await casesCommand(action, subject, flags, out);
  });

program
  .command("metrics")
  .description("the metrics there are; with a name: formula, unit, range, reference, an example")
  .argument("[name]", "factory, term or short name: crps")
  .option("--json", "one JSON object a metric")
  .addHelpText("after", "\nExamples:\n  ewb metrics\n  ewb metrics crps")
  .action(async (name: string | undefined, flags: { json?: boolean }) => {
    const { metricsCommand } = await import("./metricsCommand.ts");
    process.exitCode = metricsCommand(name, flags, out);
  });

program
  .command("show")
  .description("print a result file as a table")
  .argument("<result.parquet>")
  .option("--by <column>", "what the columns of the table are: lead_hours (default) or init_time")
  .option("--metric <names>", "only these metrics: rmse,bias", names)
  .option("--forecast <names>", "only these forecasts: A,B", names)
  .option("--cases <ids>", "only these cases: 1,4-7")
  .option("--json", "one JSON object a row")
  .addHelpText("after", "\nExample:\n  ewb show heatwave.parquet --metric rmse")
  .action(async (path: string, flags) => {
    const { showCommand } = await import("./showCommand.ts");
    process.exitCode = await showCommand(path, flags, out);
  });

program
  .command("history")
  .description("what rows of a watched result said before")
  .argument("<result.parquet>")
  .argument("[key]", "of a row, or how it begins: its versions in order, then what it says now")
  .option("--ledger <folder>", "folder of the ledger; default: the one beside the result")
  .option("--json", "one JSON object a row")
  .addHelpText(
    "after",
    "\nExamples:\n  ewb history results/heatwave.parquet\n  ewb history results/heatwave.parquet 3f9c",
  )
  .action(async (path: string, key: string | undefined, flags: HistoryOptions) => {
    const { historyCommand } = await import("./historyCommand.ts");
    process.exitCode = await historyCommand(path, key, flags, out);
  });

program
  .command("sample")
  .description("make the embedded sample, or let its inits arrive one by one, to try ewb watch")
  .option("--arrive", "write copies of its stores that grow init by init, and a data set, to a folder")
  .option("--every <time>", "how long between two inits: 2s", "2s")
  .option("--inits <n>", "so many arrive; default: all 28")
  .option("--out <folder>", "folder for the copies", "arrivals")
  .addHelpText(
    "after",
    "\nExamples:\n  ewb sample\n  ewb sample --arrive --every 2s --inits 6 --out arrivals",
  )
  .action(async (flags: { arrive?: boolean; every: string; inits?: string; out: string }) => {
    const [{ sampleCommand }, { milliseconds }] = await Promise.all([
      import("./sampleCommand.ts"),
      import("./patienceFlags.ts"),
    ]);
    const { arrive = false, inits, out: folder } = flags;
    const every = milliseconds("--every", flags.every);
    const most = inits === undefined ? {} : { inits: positive("--inits", inits, 1) };
    process.exitCode = await sampleCommand({ arrive, every, out: folder, ...most }, { out, err });
  });

program
  .command("new")
  .description("write a pipeline to start from")
  .argument("<name.ts>")
  .addHelpText("after", "\nExample:\n  ewb new my-question.ts")
  .action(async (path: string) => {
    const { newCommand } = await import("./newCommand.ts");
    process.exitCode = await newCommand(path, out);
  });

program
  .command("control")
  .description("steer a run that is going: change its memory, pause it, look at it")
  .argument("[run]", "id of the run, or how it begins; not needed where one run is going")
  .option("--memory <size>", "what the run may hold from now on, e.g. 1GB")
  .option("--pause", "admit nothing new; what is in work finishes")
  .option("--resume", "go on")
  .option("--status", "how far it is and what it waits for (also without any option)")
  .option("--watch", "say what happens until the run ends")
  .option("--json", "one JSON object a line, for machines")
  .addHelpText(
    "after",
    `
Examples:
  ewb control                           # the run that is going, or a list of them
  ewb control heatwave-4711 --memory 1GB
  ewb control heat --pause              # the beginning of an id is enough
  ewb control --watch

Only runs of your own on this machine. Exit codes: 0 all is well, 1 the run is gone or refused, 2 wrong usage.`,
  )
  .action(async (run: string | undefined, flags: ControlFlags) => {
    const { controlCommand } = await import("./controlCommand.ts");
    process.exitCode = await controlCommand(run, flags, { out, err });
  });

/** A closed pipe (`ewb show … | head`) is no error. */
out.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  if (code?.startsWith("commander.")) {
    process.exitCode = exitCode === 0 ? 0 : 2;
  } else {
    const usage = isEwbError(error, "Options", "DataSet", "Pipeline", "Cases", "Unit");
    const debug = program.opts<{ debug?: boolean }>().debug;
    const text = error instanceof Error ? (debug ? error.stack : error.message) : String(error);
    err.write(`ewb: ${text}\n`);
    // Asked twice to stop: not to wait for an answer that a store owes.
    if (isEwbError(error, "Stopped")) process.exit(130);
    process.exitCode = usage ? 2 : 1;
  }
}
