/** `ewb watch`: turn after turn, a line each, until it is told to end. */
import { isEwbError } from "../model/errors.ts";
import type { RunOptions } from "../runtime/options.ts";
import { openWatch } from "../runtime/watch/openWatch.ts";
import { type Patience, usualPatience } from "../runtime/watch/patience.ts";
import type { TurnResult } from "../runtime/watch/turn.ts";
import { type TurnEvent, type WatchSetting, watch } from "../runtime/watch/watch.ts";
import { duration } from "./progressLine.ts";

export interface WatchFlags {
  readonly json: boolean;
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Ends after one turn. */
  readonly once: boolean;
  readonly patience: { readonly forecast?: Patience; readonly target?: Patience };
}

interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** Exit code: 0 it was told to end, or its one turn went well; 1 its one turn failed, in whole or in part. */
export const watchCommand = async (
  file: string,
  options: RunOptions,
  { json, every, once, patience }: WatchFlags,
  { out, err }: Streams,
): Promise<number> => {
  const say = (text: string) => err.write(`${new Date().toISOString().slice(0, 19)}Z ${text}\n`);
  const tell = (event: object, text: string) => {
    if (json) out.write(`${JSON.stringify(event)}\n`);
    else say(text);
  };
  const opened = await openWatch(file, options.out ?? ".", (error) =>
    tell({ event: "warning", source: "ledger", message: messageOf(error) }, `ledger: ${messageOf(error)}`),
  );
  if (opened.renewed !== undefined) {
    const message = `${opened.renewed}: all units are computed anew`;
    tell({ event: "note", message }, message);
  }
  const ending = new AbortController();
  const end = () => ending.abort();
  process.on("SIGINT", end).on("SIGTERM", end);
  const setting: WatchSetting = {
    ...opened,
    effects: { now: Date.now, random: Math.random, sleep },
    patience: (now) => ({ now, ...usualPatience, ...patience }),
    pause: () => every,
    settle: 0,
    signal: ending.signal,
  };
  let code = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      watch(file, { ...options, onEvent: (event) => passOn(event, json, out, say) }, setting).subscribe({
        next: (event) => {
          if (event.state === "begun") return;
          tell(eventOf(event), textOf(event));
          if (!once) return;
          code = event.state === "failed" || event.result.failures.length > 0 ? 1 : 0;
          end();
        },
        error: reject,
        complete: resolve,
      });
    });
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    await opened.close();
  }
  return code;
};

const passOn = (
  event: Parameters<NonNullable<RunOptions["onEvent"]>>[0],
  json: boolean,
  out: NodeJS.WriteStream,
  say: (text: string) => void,
): void => {
  if (json) out.write(`${JSON.stringify(event)}\n`);
  else if (event.event === "note") say(event.message);
  else if (event.event === "warning") say(`warning: ${event.source}: ${event.message}`);
  else if (event.event === "failure") say(`failure: ${event.failure.message}`);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const eventOf = (event: Exclude<TurnEvent, { state: "begun" }>): object => {
  const { number, at, next } = event;
  const common = { event: "turn", number, at: new Date(at).toISOString(), next_ms: Math.round(next) };
  if (event.state === "failed") {
    const tag = isEwbError(event.error) ? event.error.tag : null;
    return { ...common, state: "failed", tag, message: messageOf(event.error) };
  }
  const { rows, units, failures, waiting, published, newestInit, seconds } = event.result;
  return {
    ...common,
    state: "done",
    ...{ rows, units, failures: failures.length, waiting, seconds },
    newest_init: newestInit === undefined ? null : new Date(newestInit).toISOString(),
    published: Object.fromEntries(published),
  };
};

const textOf = (event: Exclude<TurnEvent, { state: "begun" }>): string => {
  const next = `next look in ${duration(event.next / 1000)}`;
  if (event.state === "failed") {
    return `turn ${event.number} failed: ${messageOf(event.error)} What was published stays; ${next}.`;
  }
  return `turn ${event.number}: ${publishedText(event.result)}${waitingText(event.result)}; ${next}`;
};

const publishedText = ({ published, rows, failures }: TurnResult): string => {
  const failed = failures.length > 0 ? `, ${failures.length} failed` : "";
  if (published.size === 0) return `nothing new (${rows} rows${failed})`;
  const tables = [...published].map(([path, { added, changed, gone }]) => {
    const parts = [`${added} new`, `${changed} changed`, ...(gone > 0 ? [`${gone} gone`] : [])];
    return `${path}: ${parts.join(", ")}`;
  });
  return tables.join("; ") + failed;
};

const waitingText = ({ waiting: { forecast, target, provisional } }: TurnResult): string => {
  const parts = [
    ...(forecast > 0 ? [`${forecast} units wait for the forecast`] : []),
    ...(target > 0 ? [`${target} for the target`] : []),
    ...(provisional > 0 ? [`${provisional} count provisionally`] : []),
  ];
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
};

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener("abort", over, { once: true });
  });
