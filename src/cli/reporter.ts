/** Says what a run does: a line that is redrawn on a terminal, plain lines elsewhere, or one JSON object an event. */
import type { RunEvent } from "../model/event.ts";
import { progressLine } from "./progressLine.ts";

export interface Reporter {
  event(event: RunEvent): void;
  /** Clears what is being redrawn. */
  end(): void;
}

interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

const plainEvery = 5;

export const jsonReporter = ({ out }: Streams): Reporter => ({
  event: (event) => void out.write(`${JSON.stringify(event)}\n`),
  end: () => {},
});

export const textReporter = ({ err }: Streams): Reporter => {
  const terminal = err.isTTY === true;
  let drawn = false;
  let lastPlain = 0;
  let last = { t: 0, read: 0 };
  const clear = () => {
    if (drawn) err.write("\r\u001b[2K");
    drawn = false;
  };
  const say = (text: string) => {
    clear();
    err.write(`${text}\n`);
  };
  return {
    event(event) {
      switch (event.event) {
        case "tick": {
          const rate = event.t > last.t ? (event.bytes.read - last.read) / (event.t - last.t) : 0;
          const line = progressLine(event, Math.max(rate, 0));
          last = { t: event.t, read: event.bytes.read };
          if (terminal) {
            err.write(`\r\u001b[2K${line.slice(0, (err.columns ?? 80) - 1)}`);
            drawn = true;
          } else if (event.t - lastPlain >= plainEvery) {
            lastPlain = event.t;
            say(line.trim());
          }
          break;
        }
        case "note":
          say(event.message);
          break;
        case "warning":
          say(`warning: ${event.source}: ${event.message}`);
          break;
        case "failure": {
          const { case_id, forecast, target, message } = event.failure;
          const where = [case_id === null ? undefined : `case ${case_id}`, forecast, target];
          say(
            `failed: ${where.filter((part) => part != null).join(", ")}${where.some((p) => p != null) ? ": " : ""}${message}`,
          );
          break;
        }
        default:
          break;
      }
    },
    end: clear,
  };
};
