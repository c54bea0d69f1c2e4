/**
 * The service of a watch as it goes: how it stands is folded from its turns, and told to who asks; on this machine
 * always, at an address of the network if it is to listen there.
 */
import { rmSync } from "node:fs";
import type { Started } from "../stream.ts";
import { atSocket, socketFile } from "./localSocket.ts";
import { metricsText } from "./metricsText.ts";
import type { Notices } from "./notices.ts";
import type { OpenWatch } from "./openWatch.ts";
import { openService, type Service, type ServiceSetting } from "./service.ts";
import { firstStanding, healthOf, standingAfter, standingWith } from "./standing.ts";
import type { TurnEvent } from "./watch.ts";

export interface ServiceBesideSetting {
  readonly listen?: { readonly host: string; readonly port: number; readonly token?: string } | undefined;
  /** Told where it cannot be asked on this machine. */
  readonly failed: (error: unknown) => void;
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

export interface ServiceBeside {
  /** Where it listens, if it does. */
  readonly url: string | undefined;
  /** A turn has begun to read. */
  begun(started: Started): void;
  event(event: TurnEvent): void;
  close(): Promise<void>;
}

/** @throws `Options` where the address cannot be listened at */
export const serviceBeside = async (setting: ServiceBesideSetting): Promise<ServiceBeside> => {
  const { listen, failed, opened, notices, effects } = setting;
  let standing = firstStanding(effects.elapsed());
  let going: Started | undefined;
  const health = () => {
    if (going !== undefined) {
      const { units, bytes, cases } = going.tick();
      standing = standingWith(standing, `${units.done} ${cases.done} ${bytes.read}`, effects.elapsed());
    }
    return healthOf(standing, effects.elapsed());
  };
  const answers: ServiceSetting = {
    health,
    metrics: () =>
      metricsText(standing, { now: effects.now(), resident: effects.resident(), health: health() }),
    pasts: opened.pasts,
    history: (key) => opened.records.history(key),
  };
  const token = listen?.token;
  const notice = token === undefined ? {} : { notice: { token, tell: () => notices.tell() } };
  const service = listen && (await openService(listen, { ...answers, ...notice }));
  let local: Service | undefined;
  await atSocket(opened.folder, async (path) => {
    local = await openService({ path }, answers);
  }).catch(failed);
  return {
    url: service?.url,
    begun(started) {
      going = started;
    },
    event(event) {
      going = undefined;
      standing = standingAfter(standing, event, effects.elapsed(), effects.now());
    },
    async close() {
      rmSync(socketFile(opened.folder), { force: true });
      await Promise.all([service?.close(), local?.close()]);
    },
  };
};
