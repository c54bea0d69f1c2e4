/**
 * The language of the control socket: one JSON object a line. A request names what to `do`; the answer is
 * `{ now }`, with `was` where something was changed, or `{ error }`, after which the connection is closed. `watch`
 * is answered with `{ now }` and then with every event of the run, until the run ends.
 */
import { EwbError } from "../../model/errors.ts";
import type { RunEvent } from "../../model/event.ts";
import type { Status } from "./status.ts";

export type Request =
  | { readonly do: "status" | "pause" | "resume" | "watch" }
  | { readonly do: "memory"; readonly bytes: number };

export interface Answer {
  readonly was?: Status;
  readonly now: Status;
}

/** A line that comes from a run. */
export type Message = Answer | { readonly error: string } | RunEvent;

/** Bytes of the longest request. */
export const longestRequest = 64 * 1024;

/**
 * The request of a line.
 *
 * @throws `Options` where it is none
 * @example parseRequest('{"do":"memory","bytes":1000000000}')
 */
export const parseRequest = (line: string): Request => {
  const { do: verb, bytes } = objectOf(line);
  switch (verb) {
    case "status":
    case "pause":
    case "resume":
    case "watch":
      return { do: verb };
    case "memory":
      if (typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes <= 0) {
        throw new EwbError("Options", `"bytes" is no positive whole number: ${JSON.stringify(bytes)}`);
      }
      return { do: verb, bytes };
    default:
      throw new EwbError(
        "Options",
        `"do" is ${JSON.stringify(verb)}: expected status, memory, pause, resume or watch`,
      );
  }
};

const objectOf = (line: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new EwbError("Options", `expected one JSON object a line, e.g. {"do":"status"}`);
};
