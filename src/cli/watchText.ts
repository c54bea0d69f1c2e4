/** What is said of a turn of a watch: a line of text, or plain data. */
import { isEwbError } from "../model/errors.ts";
import { newestOf, type TurnResult } from "../runtime/watch/turn.ts";
import type { TurnEvent } from "../runtime/watch/watch.ts";
import { duration } from "./progressLine.ts";

export type TurnOver = Exclude<TurnEvent, { state: "begun" }>;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isoTime = (time: number): string => new Date(time).toISOString();

export const turnData = (event: TurnOver): object => {
  const { number, at, next } = event;
  const common = { event: "turn", number, began: isoTime(at), next_ms: Math.round(next) };
  if (event.state === "failed") {
    const tag = isEwbError(event.error) ? event.error.tag : null;
    return { ...common, state: "failed", tag, message: messageOf(event.error) };
  }
  const { rows, units, failures, waiting, published, seconds, statuses, bytesRead, peak } = event.result;
  const newestInit = newestOf(event.result);
  return {
    ...common,
    state: "done",
    ...{ rows, units, failures: failures.length, waiting, seconds, statuses },
    ...{ bytes_read: bytesRead, peak_bytes: peak },
    newest_init: newestInit === undefined ? null : isoTime(newestInit),
    published: Object.fromEntries(published),
  };
};

export const failureText = (error: unknown): string =>
  `the turn failed: ${messageOf(error)} What was published stays`;

export const turnText = ({ number, result, next }: Extract<TurnOver, { state: "done" }>): string =>
  `turn ${number}: ${publishedText(result)}${waitingText(result)}; ${nextText(next)}`;

export const nextText = (next: number): string => `next look in ${duration(next / 1000)}`;

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
