import PQueue from "p-queue";
import { Pool } from "undici";
import { AnswerFault } from "./storeFault.ts";

/** Connections and the limit of one origin. */
export interface Host {
  readonly pool: Pool;
  readonly queue: PQueue;
}

/** The origins a store talks to, each with kept-alive connections and a limit of requests under way. Once closed, of no use. */
export interface Hosts {
  of(origin: string): Host;
  close(): Promise<void>;
}

export function hosts({ atOnce, patience }: { atOnce: number; patience: number }): Hosts {
  const open = new Map<string, Host>();
  let closed = false;
  return {
    of(origin) {
      if (closed) throw new AnswerFault("a store that is closed", "an open one");
      let host = open.get(origin);
      if (host === undefined) {
        host = {
          pool: new Pool(origin, { connections: atOnce, headersTimeout: patience, bodyTimeout: patience }),
          queue: new PQueue({ concurrency: atOnce }),
        };
        open.set(origin, host);
      }
      return host;
    },
    async close() {
      closed = true;
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}
