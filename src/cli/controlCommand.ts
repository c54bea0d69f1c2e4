/** `ewb control`: finds a run that is going, asks it one thing, prints the answer. */
import { EwbError, isEwbError } from "../model/errors.ts";
import type { RunEvent } from "../model/event.ts";
import { formatBytes, parseBytes } from "../runtime/byteSize.ts";
import { askRun, watchRun } from "../runtime/control/controlClient.ts";
import { type ControlPlace, controlPlace, socketFolders } from "../runtime/control/controlPlace.ts";
import type { Answer, Request } from "../runtime/control/request.ts";
import { type RunningRun, runningRuns } from "../runtime/control/runningRuns.ts";
import { jsonReporter, textReporter } from "./reporter.ts";
import { aligned, size, statusText } from "./statusText.ts";

export interface ControlFlags {
  readonly memory?: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly status?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/**
 * Exit code 0; 1 where no run is going, it is gone or refuses; 2 where it is not clear which run is meant.
 *
 * @throws `Options` where the options make no sense
 * @example await controlCommand("heat", { memory: "1GB" }, process);
 */
export const controlCommand = async (
  wanted: string | undefined,
  flags: ControlFlags,
  { out, err }: Streams,
  place: ControlPlace = controlPlace(),
): Promise<number> => {
  const request = requestOf(flags);
  const { runs, problems } = await runningRuns(place, wanted);
  const [run] = runs;
  if (run === undefined) {
    const which =
      wanted === undefined
        ? "no run is going"
        : `no run ${wanted} is going: "ewb control" lists those there are`;
    const where = problems.length > 0 ? problems.join("; ") : `looked in ${socketFolders(place).join(", ")}`;
    err.write(`ewb: ${which} (${where})\n`);
    return 1;
  }
  if (runs.length > 1) {
    const listing = wanted === undefined && request === undefined;
    if (!listing) err.write(`ewb: say which run is meant: ${wanted ?? "several"} can be any of these\n`);
    (listing ? out : err).write(flags.json ? jsonLines(runs) : listText(runs));
    return listing ? 0 : 2;
  }
  try {
    if (request?.do === "watch") {
      await watch(run, flags.json ?? false, out);
      return 0;
    }
    const answer = await askRun(run, request ?? { do: "status" });
    out.write(
      flags.json ? `${JSON.stringify(answer.was ? answer : answer.now)}\n` : answerText(request, answer),
    );
    return 0;
  } catch (error) {
    if (!isEwbError(error)) throw error;
    err.write(`ewb: ${error.message}\n`);
    return 1;
  }
};

const requestOf = ({ memory, pause, resume, status, watch }: ControlFlags): Request | undefined => {
  const asked: Request[] = [
    ...(memory !== undefined ? [{ do: "memory" as const, bytes: parseBytes(memory) }] : []),
    ...(pause ? [{ do: "pause" as const }] : []),
    ...(resume ? [{ do: "resume" as const }] : []),
    ...(status ? [{ do: "status" as const }] : []),
    ...(watch ? [{ do: "watch" as const }] : []),
  ];
  if (asked.length <= 1) return asked[0];
  throw new EwbError(
    "Options",
    `one thing at a time: got ${asked.map((one) => `--${one.do}`).join(" and ")}`,
  );
};

const jsonLines = (runs: readonly RunningRun[]): string =>
  runs.map(({ id, status }) => `${JSON.stringify(status ?? { id })}\n`).join("");

const listText = (runs: readonly RunningRun[]): string =>
  aligned([
    ["id", "pipeline", "started (UTC)", "state"],
    ...runs.map(({ id, status }) =>
      status
        ? [id, status.pipeline, status.started.slice(0, 19).replace("T", " "), status.state]
        : [id, "", "", "does not answer"],
    ),
  ]);

const answerText = (request: Request | undefined, { was, now }: Answer): string => {
  if (was === undefined) return statusText(now);
  if (request?.do !== "memory") {
    const change =
      was.state === now.state ? `is ${now.state}, as before` : `was ${was.state}, is ${now.state}`;
    const next =
      now.state === "paused" ? `; what is in work finishes. ewb control ${now.id} --resume goes on` : "";
    return `${now.id} ${change}${next}\n`;
  }
  const line = (name: string, of: (memory: Answer["now"]["memory"]) => number | null) => [
    name,
    size(of(was.memory)),
    size(of(now.memory)),
  ];
  const { limit } = now.memory;
  const more =
    limit !== null && limit > request.bytes
      ? `${size(request.bytes)} is less than this program can work in: it goes on with ${size(limit)}\n`
      : "";
  const table = aligned([
    [now.id, "was", "is"],
    line("limit", ({ limit }) => limit),
    line("budget", ({ budget }) => budget),
    line("in use", ({ units, states }) => units + states),
    line("RSS", ({ rss }) => rss),
  ]);
  return more + table;
};

const watch = async (run: RunningRun, json: boolean, out: NodeJS.WriteStream): Promise<void> => {
  const reporter = json ? jsonReporter({ out, err: out }) : textReporter({ out, err: out });
  const states = new Map<number, string>();
  await watchRun(run, (event) => {
    const line = json ? undefined : eventLine(event);
    if (line === undefined) return reporter.event(event);
    if (event.event === "case") {
      if (states.get(event.id) === event.state) return;
      states.set(event.id, event.state);
    }
    reporter.end();
    out.write(`${line}\n`);
  }).finally(() => reporter.end());
};

/** What the reporter of a run leaves to its summary. */
const eventLine = (event: RunEvent): string | undefined => {
  switch (event.event) {
    case "case":
      return `case ${event.id} ${event.title}: ${event.state}`;
    case "gap":
      return `gap: case ${event.gap.case_id}: ${event.gap.source}: ${event.gap.what}`;
    case "published":
      return `${event.path}: ${event.rows} rows (${formatBytes(event.bytes)})`;
    case "end":
      return `${event.state}: ${event.rows} rows, ${event.failed} failed`;
    default:
      return undefined;
  }
};
