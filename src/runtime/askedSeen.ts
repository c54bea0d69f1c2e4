/** Metadata and coordinates of stores that grow, as a worker sees them: the coordinator reads them, once for all workers. */
import { EwbError } from "../model/errors.ts";
import { HttpStatus } from "../sources/stores/storeFault.ts";
import type { Seen } from "../sources/watch/seenStores.ts";
import { type FromWorker, plainError, revivedError, type ToWorker } from "./messages.ts";

export type SeenQuestion = Extract<FromWorker, { type: "seen" }>;
export type SeenAnswer = Extract<ToWorker, { type: "seen" }>;

export interface AskedSeen extends Seen {
  /** An answer of the coordinator. */
  hear(message: SeenAnswer): void;
}

export const askedSeen = (send: (message: SeenQuestion) => void): AskedSeen => {
  const waiting = new Map<number, (answer: SeenAnswer) => void>();
  let asked = 0;
  const ask = async (question: Pick<SeenQuestion, "address" | "key">): Promise<SeenAnswer> => {
    const answer = await new Promise<SeenAnswer>((resolve) => {
      const request = ++asked;
      waiting.set(request, resolve);
      send({ type: "seen", request, ...question });
    });
    if (answer.error === undefined) return answer;
    const { message, tag, place } = answer.error;
    if (tag === undefined) throw revivedError(answer.error);
    // Whether a host refused is asked of the cause.
    const cause = answer.status === undefined ? {} : { cause: new HttpStatus(answer.status) };
    throw new EwbError(tag as EwbError["tag"], message, place, cause);
  };
  return {
    object: async (address, key) => (await ask({ address, key })).object,
    names: async (address) => (await ask({ address })).names,
    hear(answer) {
      waiting.get(answer.request)?.(answer);
      waiting.delete(answer.request);
    },
  };
};

/** What the coordinator answers. Never rejects. */
export const seenAnswer = async (
  seen: Seen,
  { request, address, key }: SeenQuestion,
): Promise<SeenAnswer> => {
  const answer = { type: "seen" as const, request };
  try {
    if (key === undefined) {
      const names = await seen.names(address);
      return names === undefined ? answer : { ...answer, names };
    }
    const object = await seen.object(address, key);
    return object === undefined ? answer : { ...answer, object };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const status = cause instanceof HttpStatus ? { status: cause.status } : {};
    return { ...answer, error: plainError(error), ...status };
  }
};
