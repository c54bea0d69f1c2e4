import type { Dispatcher } from "undici";
import { EwbError } from "../../model/errors.ts";
import type { Buffers } from "../../model/memory.ts";
import { discard, readBody } from "./body.ts";
import { answers, parseContentRange, rangeHeader } from "./contentRange.ts";
import { exchange, header } from "./exchange.ts";
import { type Arrived, givenBack } from "./givenBack.ts";
import { hosts } from "./hosts.ts";
import type { WebPlace } from "./locate.ts";
import type { StoreOptions } from "./openStore.ts";
import { patientRetry, retryAfter, retrying, Transient } from "./retrying.ts";
import type { ByteRange, Store, StoredPart, StoreReadOptions } from "./store.ts";
import { largestObject } from "./store.ts";
import { AnswerFault, HttpStatus, storeFault } from "./storeFault.ts";
import { checkKey } from "./storeKey.ts";

const passing = new Set([408, 429, 500, 502, 503, 504]);
const busy = new Set([429, 503]);
const lost = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH"]);
const isLost = (code: string) => lost.has(code) || /^UND_ERR_(SOCKET|\w+_TIMEOUT)$|^HPE_/.test(code);

/**
 * Objects behind HTTP(S), by kept-alive connections. Strict: a 200 where a range was asked, a range other than the
 * one asked, a body longer or shorter than announced are errors. What may pass (a lost connection, 429, 5xx) is asked
 * again up to five times. 404 is an absent object. 403 is an error: stores that cannot be listed give it for absent
 * objects too, and which of the two it is cannot be told (`isForbidden` lets a caller try another key).
 */
export function httpStore(place: WebPlace, options: StoreOptions = {}): Store {
  const { address, id } = place;
  const { headers = {} } = options;
  const retry = { ...patientRetry, ...options.retry };
  const open = options.hosts ?? hosts(options);
  // Hosts that several stores share are closed by whoever made them.
  const close = options.hosts === undefined ? open.close : async () => {};
  const secrets = {
    ...(place.authorization === undefined ? {} : { authorization: place.authorization }),
    ...headers,
  };

  const read = async (key: string, range: ByteRange | undefined, readOptions: StoreReadOptions = {}) => {
    checkKey(address, key);
    const { signal, count, most = largestObject, buffers, stages } = readOptions;
    const names = key.split("/").map(encodeURIComponent).join("/");
    const asked = {
      url: new URL(`${place.origin}${place.path}/${names}${place.query}`),
      headers: {
        "user-agent": "ewb",
        "accept-encoding": "identity",
        ...(range === undefined ? {} : { range: rangeHeader(range) }),
      },
      secrets,
      signal,
      onRequest: () => count?.(0, 1),
      stages,
    };
    const attempt = async (arrived: Arrived) => {
      try {
        return await exchange(open, asked, async (response) =>
          arrived(await take(response, range, most, buffers)),
        );
      } catch (error) {
        const code = String((error as { code?: unknown } | null)?.code ?? "");
        const { cause } = error as { cause?: unknown };
        if (cause instanceof HttpStatus && busy.has(cause.status)) open.of(place.origin).limit.slowDown();
        if (!signal?.aborted && isLost(code)) throw new Transient(`connection lost (${code})`, 0, error);
        throw error;
      }
    };
    try {
      signal?.throwIfAborted();
      const part = await givenBack(buffers, (arrived) => retrying(() => attempt(arrived), retry, signal));
      open.of(place.origin).limit.came(part?.bytes.length ?? 0);
      count?.(part?.bytes.length ?? 0, 0);
      return part;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw fault(error, address, key, retry.attempts);
    }
  };

  return {
    address,
    id,
    get: (key, readOptions) => read(key, undefined, readOptions),
    getRange: read,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What an answer that is no redirect gives: bytes, nothing, or an error. */
async function take(
  response: Dispatcher.ResponseData,
  range: ByteRange | undefined,
  most: number,
  buffers: Buffers | undefined,
): Promise<StoredPart | undefined> {
  const { statusCode: status, body } = response;
  if (status === 404) {
    await discard(body);
    return undefined;
  }
  const wanted = range === undefined ? 200 : 206;
  const encoding = header(response, "content-encoding") ?? "identity";
  const part = parseContentRange(header(response, "content-range"));
  const problem = (): [string, string] | undefined => {
    if (status === 200 && wanted === 206) return ["200 (the whole object)", "206"];
    if (status !== wanted) return [`HTTP status ${status}`, `${wanted}`];
    if (encoding !== "identity") return [`content-encoding ${encoding}`, "the bytes as they are stored"];
    if (range !== undefined && (part === undefined || !answers(range, part))) {
      return [`content-range "${header(response, "content-range") ?? ""}"`, rangeHeader(range)];
    }
    return undefined;
  };
  const found = problem();
  if (found !== undefined) {
    await discard(body);
    if (passing.has(status)) {
      const after = retryAfter(header(response, "retry-after"), Date.now());
      throw new Transient(`${found[0]} found, ${found[1]} expected`, after, new HttpStatus(status));
    }
    throw new AnswerFault(found[0], found[1], status, hint(status, wanted));
  }
  const announced = header(response, "content-length");
  const declared = announced === undefined ? undefined : Number(announced);
  const length = part === undefined ? declared : part.last - part.first + 1;
  if (declared !== undefined && length !== undefined && declared !== length) {
    await discard(body);
    throw new AnswerFault(`content-length ${declared}`, `${length}`);
  }
  const bytes = await readBody(body, length, most, buffers);
  const total = part === undefined ? bytes.length : part.total;
  const version = header(response, "etag") ?? `${header(response, "last-modified") ?? "undated"}:${total}`;
  return total === undefined ? { bytes, version } : { bytes, version, total };
}

/** What to make of a status, at the end of the message. */
function hint(status: number, wanted: number): string {
  if (status === 200 && wanted === 206) return "; the server ignores Range";
  if (status === 401) return "; the store wants credentials";
  if (status === 403)
    return "; not allowed, or absent in a store that cannot be listed: check address and access";
  if (status === 416) return "; the object is shorter than what was asked for";
  return "";
}

function fault(error: unknown, address: string, key: string, attempts: number): EwbError {
  if (error instanceof EwbError) return error;
  if (error instanceof Transient) {
    return storeFault(
      address,
      key,
      `${error.message}; ${attempts} requests made, try again later`,
      error.cause,
    );
  }
  if (error instanceof AnswerFault) return storeFault(address, key, error.message, error.cause);
  const code = (error as { code?: unknown } | null)?.code ?? (error as Error | null)?.name;
  return storeFault(address, key, `no answer (${code}); check the address`, error);
}
