import type { Dispatcher } from "undici";
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
export async function readBody(body: Body, length: number | undefined, most: number): Promise<Uint8Array> {
  body.on("error", () => {});
  if (length !== undefined && length > most) {
    body.destroy();
    throw new AnswerFault(`${length} bytes`, `at most ${most}`);
  }
  const whole = length === undefined ? undefined : new Uint8Array(length);
  const parts: Uint8Array[] = [];
  let filled = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    if (filled + part.length > (length ?? most)) {
      throw new AnswerFault(`more than ${length ?? most} bytes`, `${length ?? `at most ${most}`}`);
    }
    if (whole === undefined) parts.push(part);
    else whole.set(part, filled);
    filled += part.length;
  }
  if (length !== undefined && filled !== length) throw new AnswerFault(`${filled} bytes`, `${length}`);
  if (whole !== undefined) return whole;
  const joined = new Uint8Array(filled);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
