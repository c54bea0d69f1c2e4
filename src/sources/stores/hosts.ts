import type { Dispatcher } from "undici";
import type { Environment } from "./authorities.ts";
import { type Clock, steadyClock } from "./clock.ts";
import { dispatcherOf } from "./dispatcher.ts";
import { Hedging } from "./hedging.ts";
import { Pace } from "./pace.ts";
import { type RequestLimit, requestLimit } from "./requestLimit.ts";
import { AnswerFault } from "./storeFault.ts";

/** Connections of one origin, the limit of requests under way, and what is known of its speed. */
export interface Host {
  readonly dispatcher: Dispatcher;
  readonly limit: RequestLimit;
  readonly pace: Pace;
  readonly hedging: Hedging;
  /** Milliseconds to the first byte of an answer: the median of the latest; undefined while unknown. */
  readonly latency: number | undefined;
  /** Bytes a millisecond of one body while it flows; undefined while unknown. */
  readonly bandwidth: number | undefined;
}

/** How often less was asked for, and the milliseconds that were asked to wait. */
export interface Slowed {
  readonly times: number;
  readonly wait: number;
}

/** The origins that are asked, each with kept-alive connections and a limit of requests under way. Once closed, of no use. */
export interface Hosts {
  of(origin: string): Host;
  readonly all: readonly Host[];
  /** How often hosts asked for less so far, and the most milliseconds that one last asked to wait. */
  readonly slowed: Slowed;
  readonly clock: Clock;
  close(): Promise<void>;
}

export interface HostsOptions {
  /** Requests at once before anything is known of a host. */
  readonly atOnce?: number;
  /** Milliseconds without a byte after which an answer is given up. */
  readonly patience?: number;
  /** Variables that name proxies and certificates; absent: none. */
  readonly environment?: Environment;
  readonly clock?: Clock;
}

export function hosts({
  atOnce = 12,
  patience = 20_000,
  environment = {},
  clock = steadyClock,
}: HostsOptions = {}): Hosts {
  const open = new Map<string, Host>();
  let closed = false;
  return {
    clock,
    of(origin) {
      if (closed) throw new AnswerFault("a store that is closed", "an open one");
      let host = open.get(origin);
      if (host === undefined) {
        const pace = new Pace();
        const limit = requestLimit(atOnce, clock, () => pace.latency);
        host = {
          dispatcher: dispatcherOf(origin, environment, patience),
          limit,
          pace,
          hedging: new Hedging(clock, pace, limit),
          get latency() {
            return pace.latency;
          },
          get bandwidth() {
            return pace.bandwidth;
          },
        };
        open.set(origin, host);
      }
      return host;
    },
    get all() {
      return [...open.values()];
    },
    get slowed() {
      const limits = [...open.values()].map(({ limit }) => limit);
      return {
        times: limits.reduce((sum, { slowedDown }) => sum + slowedDown, 0),
        wait: Math.max(0, ...limits.map(({ askedToWait }) => askedToWait)),
      };
    },
    async close() {
      closed = true;
      const all = [...open.values()];
      open.clear();
      for (const { limit, hedging } of all) {
        limit.close();
        hedging.close();
      }
      await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}
