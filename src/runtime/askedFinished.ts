/**
 * What earlier runs have finished, as a worker sees it: the ledger is the coordinator's. A site is asked for when it is
 * planned, states when all units are known, a megabyte at a time; what is recorded is sent in batches, before the job it
 * belongs to is over.
 */
import type { Finished, FinishedSite, KeptUnit, UnitName } from "../model/finished.ts";
import { stateBytes } from "../operators/flow/stateBytes.ts";
import type { AboutFinished, FromWorker, ToWorker, UnitsMerged } from "./messages.ts";

export interface AskedFinished extends Finished {
  /** An answer of the coordinator. */
  hear(message: Extract<ToWorker, { type: "kept" | "states" }>): void;
  /** From now on what is recorded is sent; or nothing is kept. */
  keep(nothing: boolean): void;
  /** Sends what was recorded since. */
  flush(): void;
}

/** Units, and bytes of their states, sent at a time. */
const [unitsAtOnce, bytesAtOnce] = [200, 1e6];

interface Recorded {
  readonly units: (KeptUnit & { readonly states: readonly unknown[] })[];
  readonly bundles: UnitsMerged[];
}

type States = Extract<ToWorker, { type: "states" }>;
type Asks = Extract<AboutFinished, { type: "states" }>["asks"];

/** @param keeps whether anything is kept already, to be asked for; else nothing is sent before `keep` */
export const askedFinished = (
  send: (message: FromWorker) => void,
  keeps: "asks" | "later" = "asks",
): AskedFinished => {
  let isKept = keeps === "asks";
  let isNothing = false;
  const answers = new Map<number, (value: never) => void>();
  const recorded = new Map<string, Recorded>();
  let asked = 0;
  let [count, bytes] = [0, 0];
  const answer = <T>(ask: (request: number) => void): Promise<T> =>
    new Promise((resolve) => {
      const request = ++asked;
      answers.set(request, resolve);
      ask(request);
    });
  const flush = () => {
    if (!isKept) return;
    for (const [site, { units, bundles }] of recorded) send({ type: "finished", site, units, bundles });
    recorded.clear();
    [count, bytes] = [0, 0];
  };
  const recordedOf = (site: string): Recorded => {
    const known = recorded.get(site) ?? { units: [], bundles: [] };
    recorded.set(site, known);
    return known;
  };
  const read = (site: string, asks: Asks) =>
    answer<States>((request) => send({ type: "states", request, site, asks }));
  return {
    site(key): FinishedSite {
      const found = new Map<string, KeptUnit>();
      const asking =
        keeps === "later"
          ? undefined
          : answer<readonly KeptUnit[]>((request) => send({ type: "kept", request, site: key })).then(
              (units) => {
                for (const unit of units) found.set(nameOf(unit), unit);
              },
            );
      return {
        ...(asking ? { ready: asking } : {}),
        get size() {
          return found.size;
        },
        find: (unit) => found.get(nameOf(unit))?.inputs,
        units: () => found.values(),
        record({ target, initTime, leadHours }, inputs, states) {
          if (isNothing) return;
          recordedOf(key).units.push({ target, initTime, leadHours, inputs, states });
          count += 1;
          bytes += states.reduce<number>((sum, state) => sum + stateBytes(state), 0);
          if (count >= unitsAtOnce || bytes >= bytesAtOnce) flush();
        },
        bundle(units, states) {
          if (!isNothing) recordedOf(key).bundles.push({ units, states });
        },
        async *parts(units) {
          const times = new Float64Array(2 * units.length);
          for (const [i, { initTime, leadHours }] of units.entries()) times.set([initTime, leadHours], 2 * i);
          let asks: Asks = { target: units[0]?.target ?? "", times };
          for (;;) {
            const { parts, reading } = await read(key, asks);
            yield* parts;
            if (reading === undefined) return;
            asks = { reading };
          }
        },
      };
    },
    hear(message) {
      const { request } = message;
      const resolve = answers.get(request);
      answers.delete(request);
      resolve?.((message.type === "kept" ? message.units : message) as never);
    },
    keep(nothing) {
      isKept = true;
      isNothing = nothing;
      if (nothing) recorded.clear();
      else flush();
    },
    flush,
  };
};

const nameOf = ({ target, initTime, leadHours }: UnitName): string => `${initTime} ${leadHours} ${target}`;
