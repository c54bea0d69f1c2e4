import { Pool } from "undici";
import { type RequestLimit, requestLimit } from "./requestLimit.ts";
import { AnswerFault } from "./storeFault.ts";

/** Connections and the limit of one origin. */
export interface Host {
  readonly pool: Pool;
  readonly limit: RequestLimit;
}

/** The origins that are asked, each with kept-alive connections and a limit of requests under way. Once closed, of no use. */
export interface Hosts {
  of(origin: string): Host;
  /** All there are, for the tick of a run. */
  readonly all: readonly Host[];
  close(): Promise<void>;
}

export interface HostsOptions {
  /** Requests at once before anything is known of a host. */
  readonly atOnce?: number;
  /** Milliseconds without a byte after which an answer is given up. */
  readonly patience?: number;
}

export function hosts({ atOnce = 12, patience = 60_000 }: HostsOptions = {}): Hosts {
  const open = new Map<string, Host>();
  let closed = false;
  return {
    of(origin) {
      if (closed) throw new AnswerFault("a store that is closed", "an open one");
      let host = open.get(origin);
      if (host === undefined) {
        host = {
          pool: new Pool(origin, { connections: null, headersTimeout: patience, bodyTimeout: patience }),
          limit: requestLimit(atOnce, () => performance.now()),
        };
        open.set(origin, host);
      }
      return host;
    },
    get all() {
      return [...open.values()];
    },
    async close() {
      closed = true;
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}
