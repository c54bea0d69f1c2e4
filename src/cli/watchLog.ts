/**
 * The log of a watch: lines of text with their time, or one JSON object a line, each with `at`. What is said in every
 * turn is a line of text only once, until a turn comes without it.
 */
import type { RunEvent } from "../model/event.ts";
import type { TurnEvent } from "../runtime/watch/watch.ts";
import { failureText, isoTime, nextText, turnData, turnText } from "./watchText.ts";

export interface WatchLog {
  note(message: string): void;
  warning(source: string, message: string): void;
  run(event: RunEvent): void;
  turn(event: TurnEvent): void;
}

export interface WatchLogSetting {
  readonly json: boolean;
  /** Milliseconds UTC. */
  readonly now: () => number;
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

export const watchLog = ({ json, now, out, err }: WatchLogSetting): WatchLog => {
  let before = new Set<string>();
  let said = new Set<string>();
  const line = (text: string) => err.write(`${isoTime(now()).slice(0, 19)}Z ${text}\n`);
  const once = (text: string, after = "") => {
    if (!before.has(text) && !said.has(text)) line(text + after);
    said.add(text);
  };
  const data = (event: object) => out.write(`${JSON.stringify({ at: isoTime(now()), ...event })}\n`);
  const run = (event: RunEvent) => {
    if (json) data(event);
    else if (event.event === "note") once(event.message);
    else if (event.event === "warning") once(`warning: ${event.source}: ${event.message}`);
    else if (event.event === "failure") once(`failure: ${event.failure.message}`);
  };
  return {
    run,
    note: (message) => run({ event: "note", message }),
    warning: (source, message) => run({ event: "warning", source, message }),
    turn(event) {
      if (event.state === "begun") {
        before = said;
        said = new Set();
      } else if (json) data(turnData(event));
      else if (event.state === "done") line(turnText(event));
      else once(failureText(event.error), `; ${nextText(event.next)}`);
    },
  };
};
