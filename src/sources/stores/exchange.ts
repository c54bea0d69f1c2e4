import type { Buffers } from "../../model/memory.ts";
import type { Stages } from "../../model/stages.ts";
import type { Hosts } from "./hosts.ts";
import { isRedirect, mostRedirects, redirectTarget } from "./redirect.ts";
import { type AnswerHeaders, header, Request, type Verdict } from "./request.ts";
import { retryAfter } from "./retrying.ts";
import { AnswerFault } from "./storeFault.ts";

const theObject = "the object itself";

/** Statuses by which a host asks for less. */
const busy = new Set([429, 503]);

export interface Asked<T> {
  /** Default GET. */
  readonly method?: "GET" | "HEAD";
  readonly origin: string;
  /** With the query, percent-encoded. */
  readonly path: string;
  /** Sent to every host. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to `origin` only. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly stages: Stages | undefined;
  readonly buffers: Buffers | undefined;
  count(bytes: number, requests: number): void;
  /** What is done with an answer that is no redirect. */
  judge(status: number, headers: AnswerHeaders): Verdict<T>;
}

/**
 * One request, redirects followed (at most five), within the limit of each host. A host of a redirect gets none of the
 * secrets.
 */
export async function exchange<T>(hosts: Hosts, asked: Asked<T>): Promise<T> {
  let { origin, path } = asked;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const outcome = await hop(hosts, asked, origin, path);
    if (!(outcome instanceof URL)) return outcome;
    origin = outcome.origin;
    path = `${outcome.pathname}${outcome.search}`;
  }
  throw new AnswerFault(`more than ${mostRedirects} redirects`, theObject);
}

function hop<T>(hosts: Hosts, asked: Asked<T>, origin: string, path: string): Promise<T | URL> {
  const host = hosts.of(origin);
  const { dispatcher, limit, pace, hedging } = host;
  const { method = "GET", signal, stages, buffers, count } = asked;
  let begun = 0;
  const judge = (status: number, headers: AnswerHeaders): Verdict<T | URL> => {
    if (busy.has(status)) limit.slowDown(begun, retryAfter(header(headers, "retry-after"), Date.now()));
    if (!isRedirect(status)) return asked.judge(status, headers);
    const from = new URL(`${origin}${path}`);
    const region = header(headers, "x-amz-bucket-region");
    const target = redirectTarget(from, header(headers, "location"), region);
    if (typeof target === "string") throw new AnswerFault(target, theObject);
    return { drop: target };
  };
  const ask = () => {
    // A proxy's agent writes into them.
    const headers = origin === asked.origin ? { ...asked.headers, ...asked.secrets } : { ...asked.headers };
    return new Request(
      { method, origin, path, headers, judge, buffers, stages, count },
      dispatcher,
      hosts.clock,
    );
  };
  return limit.run(async () => {
    begun = hosts.clock.now();
    const request = await hedging.run(ask, signal);
    const { sentAt, answeredAt, bodyAt, latestAt, bytes, firstBytes } = request;
    pace.answered(answeredAt! - sentAt!, bytes - firstBytes, latestAt - (bodyAt ?? latestAt));
    limit.came(bytes);
    // A connection is free a moment after its answer: who asks before that opens another.
    await new Promise((resolve) => setImmediate(resolve));
    return request.answer;
  }, signal);
}
