/** The other end of the control socket: asks a run, or watches it to its end. */
import { connect } from "node:net";
import { EwbError } from "../../model/errors.ts";
import type { RunEvent } from "../../model/event.ts";
import { eachLine } from "./eachLine.ts";
import type { Answer, Message, Request } from "./request.ts";

/** Where a run listens. */
export interface RunAddress {
  readonly id: string;
  readonly address: string;
}

/** Milliseconds until the first answer. */
const patience = 5000;

/**
 * Asks one thing.
 *
 * @throws `NotFound` where the run is gone or does not answer within five seconds; `Unsupported` where it refuses
 * @example const { was, now } = await askRun(run, { do: "memory", bytes: 1e9 });
 */
export const askRun = async (run: RunAddress, request: Request, wait = patience): Promise<Answer> => {
  let answer: Answer | undefined;
  await talk(run, request, wait, (message) => {
    if ("now" in message) answer = message;
    return true;
  });
  if (answer === undefined) throw gone(run);
  return answer;
};

/**
 * Tells every event from now on until the run ends.
 *
 * @throws `NotFound` where the run is gone, now or before it said its end; `Unsupported` where it refuses
 */
export const watchRun = async (run: RunAddress, take: (event: RunEvent) => void): Promise<void> => {
  let ended = false;
  await talk(run, { do: "watch" }, patience, (message) => {
    if ("event" in message) {
      take(message);
      ended = message.event === "end";
    }
    return ended;
  });
  if (!ended) throw gone(run);
};

const gone = ({ id }: RunAddress, why = "it closed the connection"): EwbError =>
  new EwbError("NotFound", `the run ${id} is gone (${why}); "ewb control" lists those there are`);

/** Sends one request and hands over what comes, until `take` has enough or the connection is closed. */
const talk = (run: RunAddress, request: Request, wait: number, take: (message: Message) => boolean) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(run.address);
    const fail = (error: Error) => {
      reject(error);
      socket.destroy();
    };
    const late = setTimeout(
      () =>
        fail(new EwbError("NotFound", `the run ${run.id} does not answer: it may be stopped or very busy`)),
      wait,
    );
    const line = (text: string) => {
      clearTimeout(late);
      if (socket.destroyed) return;
      const message = messageOf(text);
      if (message === undefined)
        fail(
          new EwbError("Unsupported", `${run.id} speaks another language: it may run another version of ewb`),
        );
      else if ("error" in message) fail(new EwbError("Unsupported", `${run.id}: ${message.error}`));
      else if (take(message)) socket.destroy();
    };
    socket.on("data", eachLine(Number.POSITIVE_INFINITY, line));
    socket.on("error", (error) => reject(gone(run, error.message)));
    socket.on("close", () => {
      clearTimeout(late);
      resolve();
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });

const messageOf = (line: string): Message | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    const known =
      typeof value === "object" && value !== null && ["now", "error", "event"].some((key) => key in value);
    return known ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
};
