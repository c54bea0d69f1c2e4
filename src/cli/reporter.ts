/**
 * Says what a run does: a line that is redrawn on a terminal, plain lines every 5 s elsewhere, or one JSON object an
 * event. A stall, a slow chunk or a changed budget is a line of its own.
 */
import type { ControlEvent, RunEvent, SlowEvent, TickEvent } from "../model/event.ts";
import { formatBytes } from "../runtime/byteSize.ts";
import { doing, latelyOf, stalledFor, stallText } from "../runtime/stages/cause.ts";
import { plainLine, progressLine } from "./progressLine.ts";

export interface Reporter {
  event(event: RunEvent): void;
  /** Clears what is being redrawn. */
  end(): void;
}

interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** Seconds. */
const [plainEvery, stallEvery] = [5, 60];

export const jsonReporter = ({ out }: Streams): Reporter => ({
  event: (event) => void out.write(`${JSON.stringify(event)}\n`),
  end: () => {},
});

export const textReporter = ({ err }: Streams): Reporter => {
  const terminal = err.isTTY === true;
  let drawn = false;
  let ticks: readonly TickEvent[] = [];
  let [done, doneAt, stallSaid] = [0, 0, Number.NEGATIVE_INFINITY];
  let plain: TickEvent | undefined;
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
          ticks = latelyOf([...ticks, event]);
          if (event.units.done > done) [done, doneAt] = [event.units.done, event.t];
          const stalled = stalledFor(event, doneAt);
          if (stalled > 0 && event.t - stallSaid >= stallEvery) {
            stallSaid = event.t;
            say(stallText(stalled, ticks));
          }
          if (terminal) {
            err.write(`\r\u001b[2K${progressLine(ticks, (err.columns ?? 80) - 1)}`);
            drawn = true;
          } else if (event.t - (plain?.t ?? 0) >= plainEvery) {
            const seconds = event.t - (plain?.t ?? 0);
            const rate = Math.max(0, event.bytes.read - (plain?.bytes.read ?? 0)) / seconds;
            plain = event;
            say(plainLine(ticks, rate));
          }
          break;
        }
        case "note":
          say(event.message);
          break;
        case "warning":
          say(`warning: ${event.source}: ${event.message}`);
          break;
        case "slow":
          say(slowText(event));
          break;
        case "control":
          say(controlText(event));
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

const slowText = ({ stage, source, key, host, ms, median_ms, attempts }: SlowEvent): string =>
  `slow: ${doing[stage]} ${source} ${key}${host === null ? "" : ` from ${host}`} took ${(ms / 1000).toFixed(1)} s, ` +
  `usual ${Math.round(median_ms)} ms${attempts > 1 ? `, ${attempts} attempts` : ""}`;

const controlText = ({ what, host, from, to, by }: ControlEvent): string => {
  const said = (value: number | string | null) =>
    typeof value === "number" && what === "budget" ? formatBytes(value) : value;
  const change = from === null && to === null ? "" : ` ${said(from) ?? "?"} → ${said(to) ?? "?"}`;
  return `${what}${host === undefined ? "" : ` of ${host}`}${change} (${by})`;
};
