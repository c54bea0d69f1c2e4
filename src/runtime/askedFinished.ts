/**
 * What earlier runs have finished, as a worker sees it: the ledger is the coordinator's. A site is asked for when it is
 * planned, states when all units are known; what is recorded is sent in batches, before the job it belongs to is over.
 */
import type { Finished, FinishedSite, KeptUnit, UnitName } from "../model/finished.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

export interface AskedFinished extends Finished {
  /** An answer of the coordinator. */
  hear(message: Extract<ToWorker, { type: "kept" | "states" }>): void;
  /** From now on what is recorded is sent; or nothing is kept. */
  keep(nothing: boolean): void;
  /** Sends what was recorded since. */
  flush(): void;
}

/** States asked for at a time. */
const statesAtOnce = 500;
/** Units sent at a time. */
const unitsAtOnce = 200;

/** @param keeps whether anything is kept already, to be asked for; else nothing is sent before `keep` */
export const askedFinished = (
  send: (message: FromWorker) => void,
  keeps: "asks" | "later" = "asks",
): AskedFinished => {
  let isKept = keeps === "asks";
  let isNothing = false;
  const answers = new Map<number, (value: never) => void>();
  const recorded = new Map<string, (KeptUnit & { readonly states: readonly unknown[] })[]>();
  let asked = 0;
  let count = 0;
  const answer = <T>(ask: (request: number) => void): Promise<T> =>
    new Promise((resolve) => {
      const request = ++asked;
      answers.set(request, resolve);
      ask(request);
    });
  const flush = () => {
    if (!isKept) return;
    for (const [site, units] of recorded) send({ type: "finished", site, units });
    recorded.clear();
    count = 0;
  };
  const statesOf = (site: string, units: readonly UnitName[]) =>
    answer<readonly (readonly unknown[])[]>((request) => send({ type: "states", request, site, units }));
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
          const units = recorded.get(key) ?? [];
          recorded.set(key, units);
          units.push({ target, initTime, leadHours, inputs, states });
          count += 1;
          if (count >= unitsAtOnce) flush();
        },
        states: (units) => statesOf(key, units),
        async merged(units, merge) {
          let merged: readonly unknown[] | undefined;
          for (let i = 0; i < units.length; i += statesAtOnce) {
            for (const states of await statesOf(key, units.slice(i, i + statesAtOnce))) {
              merged = merged === undefined ? states : merged.map((state, k) => merge(k, state, states[k]));
            }
          }
          return merged ?? [];
        },
      };
    },
    hear({ request, ...message }) {
      const resolve = answers.get(request);
      answers.delete(request);
      resolve?.((message.type === "kept" ? message.units : message.states) as never);
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
