/**
 * One client of the control socket. The run never waits for it: what it does not read is kept up to 1 MB, then it is
 * dropped; what it says wrong is answered once, and the connection is closed; when it dies nothing happens.
 */
import type { Socket } from "node:net";
import type { RunEvent } from "../../model/event.ts";
import { eachLine } from "./eachLine.ts";
import { type Answer, longestRequest, type Message, parseRequest, type Request } from "./request.ts";

/** Bytes kept for a client that does not read. */
const mostUnsent = 1_000_000;
/** Milliseconds that a client has to take the last line. */
const farewell = 500;

export interface Conversation {
  /** Sends what is left, then closes; after half a second without that. */
  end(): void;
  /** Says why, then ends. */
  refuse(why: string): void;
}

export interface Desk {
  /** Throws where the run refuses; the message is the answer. */
  answer(request: Request): Answer;
  watch(listener: (event: RunEvent) => void): () => void;
}

export const conversation = (socket: Socket, desk: Desk): Conversation => {
  let over = false;
  let unwatch = () => {};
  const stop = () => {
    over = true;
    unwatch();
    unwatch = () => {};
  };
  const send = (message: Message) => {
    if (over) return;
    socket.write(`${JSON.stringify(message)}\n`);
    if (socket.writableLength > mostUnsent) socket.destroy();
  };
  const end = () => {
    if (over) return;
    stop();
    socket.end();
    const late = setTimeout(() => socket.destroy(), farewell);
    socket.on("close", () => clearTimeout(late));
  };
  const refuse = (why: string) => {
    send({ error: why });
    end();
  };
  const take = (line: string) => {
    if (over) return;
    try {
      const request = parseRequest(line);
      send(desk.answer(request));
      if (request.do !== "watch") return;
      unwatch();
      unwatch = desk.watch(send);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
    }
  };
  const tooLong = () => refuse(`a request is at most ${longestRequest} bytes`);
  socket.on("data", eachLine(longestRequest, take, tooLong));
  socket.on("error", () => {}); // the client died; `close` follows
  socket.on("close", stop);
  socket.unref();
  return { end, refuse };
};
