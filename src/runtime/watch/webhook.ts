/**
 * A web address that is told of published tables: `POST` of JSON. With a secret each request is signed:
 * `ewb-signature: sha256=HEX`, the HMAC-SHA256 of `TIMESTAMP.BODY` with the `ewb-timestamp` beside it. Repeats bear the
 * same `ewb-delivery`. No redirect is followed, and of the address only its host is ever said: paths are secrets, too.
 */
import { createHmac, randomUUID } from "node:crypto";
import { EwbError } from "../../model/errors.ts";
import type { Alert } from "./alerts.ts";

export interface WebhookEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const tries = 6;
/** Milliseconds: before the second try, at most between two, for an answer. */
const [firstPause, longestPause, patience] = [1_000, 300_000, 10_000];

/** @throws `Options` where the address is none of the web */
export const webhook = (address: string, secret: string | undefined, effects: WebhookEffects): Alert => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new EwbError("Options", "--webhook: expected an address like https://host/path");
  const { host, username, password } = url;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const authorization = username === "" ? {} : { authorization: `Basic ${login.toString("base64")}` };
  url.username = "";
  url.password = "";
  url.hash = "";

  return async (published, signal) => {
    const { EnvHttpProxyAgent, request } = await import("undici");
    const body = JSON.stringify(published);
    const delivery = randomUUID();
    const dispatcher = new EnvHttpProxyAgent({ connections: 1 });
    try {
      for (let n = 1; ; n++) {
        const timestamp = `${Math.floor(effects.now() / 1000)}`;
        const times = { headersTimeout: patience, bodyTimeout: patience };
        const headers = {
          "content-type": "application/json",
          "ewb-delivery": delivery,
          "ewb-timestamp": timestamp,
          ...(secret === undefined ? {} : { "ewb-signature": signature(secret, timestamp, body) }),
          ...authorization,
        };
        const found = await request(url, {
          method: "POST",
          body,
          headers,
          dispatcher,
          signal,
          ...times,
        }).then(
          async (answer) => {
            await answer.body.dump();
            return outcomeOf(answer.statusCode, answer.headers["retry-after"]);
          },
          (error): Outcome => ({ why: codeOf(error), isFinal: signal.aborted, wait: 0 }),
        );
        if (found === undefined) return;
        const { why, isFinal, wait } = found;
        if (isFinal || n === tries)
          throw new Error(`--webhook ${host}: ${why}${n > 1 ? ` (tried ${n} times)` : ""}`);
        const pause = Math.min(longestPause, firstPause * 4 ** (n - 1)) * (0.5 + effects.random() / 2);
        await effects.sleep(Math.max(wait, pause), signal);
      }
    } finally {
      await dispatcher.destroy();
    }
  };
};

export const signature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;

interface Outcome {
  readonly why: string;
  readonly isFinal: boolean;
  /** Milliseconds that the host asked for. */
  readonly wait: number;
}

/** Undefined: it was told. */
const outcomeOf = (status: number, after: string | string[] | undefined): Outcome | undefined => {
  if (status >= 200 && status < 300) return undefined;
  const isFinal = status < 500 && status !== 429 && status !== 408;
  const why =
    status >= 300 && status < 400 ? `redirected (${status}), which is not followed` : `answered ${status}`;
  const seconds = Number(after);
  return { why, isFinal, wait: Number.isFinite(seconds) ? Math.min(longestPause, 1000 * seconds) : 0 };
};

/** A code, or the name of the error: a message may bear an address. */
const codeOf = (error: unknown): string => {
  const { code, cause, name } = error as { code?: string; cause?: { code?: string }; name?: string };
  return code ?? cause?.code ?? name ?? "unknown error";
};
