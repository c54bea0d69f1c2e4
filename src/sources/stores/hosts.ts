import PQueue from "p-queue";
import { Pool } from "undici";

/** Connections and the limit of one origin. */
export interface Host {
  readonly pool: Pool;
  readonly queue: PQueue;
}

/** The origins a store talks to, each with kept-alive connections and a limit of requests under way. */
export interface Hosts {
  of(origin: string): Host;
  close(): Promise<void>;
}

export function hosts({ atOnce, patience }: { atOnce: number; patience: number }): Hosts {
  const open = new Map<string, Host>();
  return {
    of(origin) {
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
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}
