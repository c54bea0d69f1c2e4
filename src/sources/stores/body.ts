import type { Dispatcher } from "undici";
import type { Buffers } from "../../model/memory.ts";
import { AnswerFault } from "./storeFault.ts";

export type Body = Dispatcher.ResponseData["body"];

/** Lets go of a body that is not wanted: a short one is read so that its connection lives on. */
export async function discard(body: Body): Promise<void> {
  body.on("error", () => {});
  await body.dump({ limit: 16_384 }).catch(() => {});
}

/**
 * Reads a body of `length` bytes (undefined: not announced), never holding more than `most`. Nothing is allocated
 * before the announced length is found to be allowed.
 */
export async function readBody(
  body: Body,
  length: number | undefined,
  most: number,
  buffers?: Buffers,
): Promise<Uint8Array> {
  body.on("error", () => {});
  if (length !== undefined && length > most) {
    body.destroy();
    throw new AnswerFault(`${length} bytes`, `at most ${most}`);
  }
  const whole = length === undefined ? undefined : (buffers?.take(length) ?? new Uint8Array(length));
  const parts: Uint8Array[] = [];
  let filled = 0;
  const take = (part: Uint8Array) => {
    if (filled + part.length > (length ?? most)) {
      throw new AnswerFault(`more than ${length ?? most} bytes`, `${length ?? `at most ${most}`}`);
    }
    if (whole === undefined) parts.push(part);
    else whole.set(part, filled);
    filled += part.length;
  };
  try {
    await eachPart(body, take);
    if (length !== undefined && filled !== length) throw new AnswerFault(`${filled} bytes`, `${length}`);
  } catch (error) {
    if (whole !== undefined) buffers?.give(whole);
    throw error;
  }
  if (whole !== undefined) return whole;
  const joined = new Uint8Array(filled);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Hands every part of a body to `take`, as it comes: by events, which cost a fraction of an asynchronous iterator. */
const eachPart = (body: Body, take: (part: Uint8Array) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const closed = () =>
      reject(body.errored ?? new AnswerFault("a connection that was closed", "the rest of the answer"));
    // Of a body that was given up before anybody listened no event comes any more.
    if (body.destroyed) return closed();
    body.on("data", (part: Uint8Array) => {
      try {
        take(part);
      } catch (error) {
        reject(error);
        body.destroy();
      }
    });
    body.on("end", resolve);
    body.on("error", reject);
    // After `end` this says nothing new.
    body.on("close", closed);
  });
