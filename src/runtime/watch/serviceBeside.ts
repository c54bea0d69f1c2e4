/** The service of a watch as it goes: how it stands is folded from its turns, and told to who asks. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Started } from "../stream.ts";
import { metricsText } from "./metricsText.ts";
import type { Notices } from "./notices.ts";
import type { OpenWatch } from "./openWatch.ts";
import { openService, type Service } from "./service.ts";
import { firstStanding, healthOf, standingAfter, standingWith } from "./standing.ts";
import type { TurnEvent } from "./watch.ts";

export interface ServiceBesideSetting {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly opened: OpenWatch;
  readonly notices: Notices;
  readonly effects: {
    /** Milliseconds UTC. */
    now(): number;
    /** Milliseconds of a clock that only grows. */
    elapsed(): number;
    /** Bytes of this process. */
    resident(): number;
  };
}

export interface ServiceBeside extends Service {
  /** A turn has begun to read. */
  begun(started: Started): void;
  event(event: TurnEvent): void;
}

/** Where the service of a ledger's watch is, in its folder: who asks for the history finds it there. */
export const serviceFile = (folder: string): string => join(folder, "service.json");

/** @throws `Options` where the address cannot be listened at */
export const serviceBeside = async (setting: ServiceBesideSetting): Promise<ServiceBeside> => {
  const { host, port, token, opened, notices, effects } = setting;
  let standing = firstStanding(effects.elapsed());
  let going: Started | undefined;
  const health = () => {
    if (going !== undefined) {
      const { units, bytes, cases } = going.tick();
      standing = standingWith(standing, `${units.done} ${cases.done} ${bytes.read}`, effects.elapsed());
    }
    return healthOf(standing, effects.elapsed());
  };
  const service = await openService({
    host,
    port,
    health,
    metrics: () =>
      metricsText(standing, { now: effects.now(), resident: effects.resident(), health: health() }),
    ...(token === undefined ? {} : { notice: { token, tell: () => notices.tell() } }),
    pasts: opened.pasts,
    history: (key) => opened.records.history(key),
  });
  const file = serviceFile(opened.folder);
  try {
    writeFileSync(file, JSON.stringify({ url: service.url }));
  } catch {
    // It answers all the same.
  }
  return {
    url: service.url,
    begun(started) {
      going = started;
    },
    event(event) {
      going = undefined;
      standing = standingAfter(standing, event, effects.elapsed(), effects.now());
    },
    async close() {
      rmSync(file, { force: true });
      await service.close();
    },
  };
};
