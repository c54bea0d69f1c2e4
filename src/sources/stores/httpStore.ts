import { EwbError } from "../../model/errors.ts";
import { answers, parseContentRange, rangeHeader } from "./contentRange.ts";
import { exchange } from "./exchange.ts";
import { type Arrived, givenBack } from "./givenBack.ts";
import { hosts } from "./hosts.ts";
import type { WebPlace } from "./locate.ts";
import type { StoreOptions } from "./openStore.ts";
import { type AnswerHeaders, header, type Verdict } from "./request.ts";
import { patientRetry, retrying, Transient } from "./retrying.ts";
import type { ByteRange, Store, StoredPart, StoreReadOptions } from "./store.ts";
import { largestObject } from "./store.ts";
import { AnswerFault, changed, HttpStatus, storeFault } from "./storeFault.ts";
import { checkKey } from "./storeKey.ts";
import { Versions } from "./versions.ts";
import { type Ask, webLook } from "./webLook.ts";

const passing = new Set([408, 429, 500, 502, 503, 504]);
const lost = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH"]);
const stalled = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
/** Requests in all where none is answered: each takes all the patience there is. */
const stalls = 3;
/** The same where only looked at: there is a next look. */
const looks = 2;
const isLost = (code: string) => lost.has(code) || /^UND_ERR_(SOCKET|\w+_TIMEOUT)$|^HPE_/.test(code);

const nothing = () => {};

/** What may pass, of what goes wrong with a connection. */
const lostOrNot = (error: unknown): unknown => {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  if (stalled.has(code)) return new Transient(`an answer that stands still (${code})`, error, stalls);
  return isLost(code) ? new Transient(`connection lost (${code})`, error) : error;
};

/** What an answer must be. */
interface Wanted {
  readonly range: ByteRange | undefined;
  /** The version that was read before. */
  readonly version: string | undefined;
  readonly most: number;
}

/**
 * Objects behind HTTP(S), by kept-alive connections. Strict: a 200 where a range was asked, a range other than the
 * one asked, a body longer or shorter than announced, another version than before are errors. What may pass (a lost
 * connection, 429, 5xx) is asked again, up to five requests in all, three where no byte comes. 404 is an absent object. 403 is an error: stores that cannot
 * be listed give it for absent objects too, and which of the two it is cannot be told (`isForbidden` lets a caller
 * try another key).
 */
export function httpStore(place: WebPlace, options: StoreOptions = {}): Store {
  const { address, id } = place;
  const retry = { ...patientRetry, ...options.retry };
  const open = options.hosts ?? hosts(options);
  // Hosts that several stores share are closed by whoever made them.
  const close = options.hosts === undefined ? open.close : async () => {};
  const versions = new Versions();
  const secrets = {
    ...(place.authorization === undefined ? {} : { authorization: place.authorization }),
    ...options.headers,
  };

  const read = async (key: string, range: ByteRange | undefined, readOptions: StoreReadOptions = {}) => {
    checkKey(address, key);
    const { signal, count = nothing, most = largestObject, buffers, stages } = readOptions;
    const version = readOptions.version ?? (range === undefined ? versions.of(key) : undefined);
    const wanted = { range, version, most };
    const asked = (arrived: Arrived) => ({
      origin: place.origin,
      path: `${place.path}/${encodedKey(key)}${place.query}`,
      headers: headersOf(wanted),
      secrets,
      signal,
      buffers,
      stages,
      count,
      judge: (status: number, headers: AnswerHeaders) => judge(status, headers, wanted, arrived),
    });
    try {
      signal?.throwIfAborted();
      const part = await givenBack(buffers, (arrived) =>
        retrying(() => exchange(open, asked(arrived)), retry, open.clock.wait, signal, lostOrNot),
      );
      if (part !== undefined && range === undefined) versions.see(key, part.version);
      return part;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw fault(error, address, key, retry.attempts);
    }
  };

  const ask: Ask = async ({ key, headers, ...asked }, { signal, count = nothing }) => {
    const { origin } = place;
    const all = { origin, secrets, signal, stages: undefined, buffers: undefined };
    const once = () =>
      exchange(open, {
        ...asked,
        ...all,
        headers: { "user-agent": "ewb", ...headers },
        count,
      });
    const attempts = Math.min(looks, retry.attempts);
    try {
      signal?.throwIfAborted();
      return await retrying(once, { ...retry, attempts }, open.clock.wait, signal, lostOrNot);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw fault(error, address, key, attempts);
    }
  };
  const { look, names } = webLook(place, ask, encodedKey);

  return {
    address,
    id,
    async look(keys, lookOptions = {}) {
      for (const key of keys) checkKey(address, key);
      return look(keys, lookOptions);
    },
    async names(folder, lookOptions = {}) {
      if (folder !== "") checkKey(address, folder);
      return names(folder, lookOptions);
    },
    get: (key, readOptions) => read(key, undefined, readOptions),
    getRange: read,
    pace() {
      const { latency, bandwidth } = open.of(place.origin);
      return latency === undefined || bandwidth === undefined ? undefined : { latency, bandwidth };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const encodedKey = (key: string): string =>
  /^[\w./-]*$/.test(key) ? key : key.split("/").map(encodeURIComponent).join("/");

/** Only a strong ETag can be asked for: a weak one never matches. */
const headersOf = ({ range, version }: Wanted): Record<string, string> => ({
  "user-agent": "ewb",
  "accept-encoding": "identity",
  ...(range === undefined ? {} : { range: rangeHeader(range) }),
  ...(range !== undefined && version?.startsWith('"') ? { "if-match": version } : {}),
});

/** What an answer that is no redirect gives: bytes, nothing, or an error. */
function judge(
  status: number,
  headers: AnswerHeaders,
  { range, version: before, most }: Wanted,
  arrived: Arrived,
): Verdict<StoredPart | undefined> {
  const etag = header(headers, "etag");
  if (status === 404) {
    if (before !== undefined) throw changed("none", before);
    return { drop: undefined };
  }
  if (status === 412 && before !== undefined) throw changed(etag ?? "(another)", before);
  const wanted = range === undefined ? 200 : 206;
  const encoding = header(headers, "content-encoding") ?? "identity";
  const part = parseContentRange(header(headers, "content-range"));
  const problem = (): [string, string] | undefined => {
    if (status === 200 && wanted === 206) return ["200 (the whole object)", "206"];
    if (status !== wanted) return [`HTTP status ${status}`, `${wanted}`];
    if (encoding !== "identity") return [`content-encoding ${encoding}`, "the bytes as they are stored"];
    if (range !== undefined && (part === undefined || !answers(range, part))) {
      return [`content-range "${header(headers, "content-range") ?? ""}"`, rangeHeader(range)];
    }
    return undefined;
  };
  const found = problem();
  if (found !== undefined) {
    if (passing.has(status)) {
      throw new Transient(`${found[0]} found, ${found[1]} expected`, new HttpStatus(status));
    }
    throw new AnswerFault(found[0], found[1], new HttpStatus(status), hint(status, wanted));
  }
  const announced = header(headers, "content-length");
  const declared = announced === undefined ? undefined : Number(announced);
  const length = part === undefined ? declared : part.last - part.first + 1;
  if (declared !== undefined && length !== undefined && declared !== length) {
    throw new AnswerFault(`content-length ${declared}`, `${length}`);
  }
  return {
    length,
    most,
    give(bytes) {
      const total = part === undefined ? bytes.length : part.total;
      const version = etag ?? `${header(headers, "last-modified") ?? "undated"}:${total}`;
      // A part that states neither ETag nor the length of the whole cannot be told from any other.
      const isKnown = etag !== undefined || total !== undefined;
      if (before !== undefined && isKnown && version !== before) throw changed(version, before);
      return arrived(total === undefined ? { bytes, version } : { bytes, version, total });
    },
  };
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
      `${error.message}; ${Math.min(attempts, error.most)} requests made, try again later`,
      error.cause,
    );
  }
  if (error instanceof AnswerFault) return storeFault(address, key, error.message, error.cause);
  const { code, name, message = "" } = (error ?? {}) as { code?: unknown; name?: string; message?: string };
  const proxy = /^Proxy\b.*\((?:status )?(\d+)\)/.exec(message)?.[1];
  if (proxy !== undefined) {
    const text = `status ${proxy} of the proxy found, an answer of the store expected; check HTTPS_PROXY and HTTP_PROXY`;
    return storeFault(address, key, text);
  }
  return storeFault(address, key, `no answer (${code ?? name}); check the address`, error);
}
