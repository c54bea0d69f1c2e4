import type { Finished, KeptPart } from "../model/finished.ts";
import type { AboutFinished, ToWorker } from "./messages.ts";

/** Bytes of states sent at a time, about. */
const bytesAtOnce = 1e6;

/**
 * Answers a worker that asks for what earlier runs have finished, and keeps what it finishes. States that cannot be
 * read are told by `failed`, and the worker is not answered: its units could not be counted.
 */
export const servedFinished = (
  finished: Finished,
  failed: (error: unknown) => void,
): ((message: AboutFinished, post: (answer: ToWorker) => void) => void) => {
  /** What workers read, a piece at a time, by numbers of their own. */
  const reading = new Map<number, AsyncIterator<KeptPart>>();
  let begun = 0;
  const next = async (number: number) => {
    const parts: KeptPart[] = [];
    for (let bytes = 0; bytes < bytesAtOnce; ) {
      const { value, done } = await reading.get(number)!.next();
      if (done === true) {
        reading.delete(number);
        break;
      }
      parts.push(value);
      bytes += value.bytes;
    }
    return { parts, ...(reading.has(number) ? { reading: number } : {}) };
  };
  const answer = async (message: AboutFinished, post: (answer: ToWorker) => void): Promise<void> => {
    const site = finished.site(message.site);
    switch (message.type) {
      case "kept": {
        const { request } = message;
        return Promise.resolve(site.ready).then(() =>
          post({ type: "kept", request, units: [...site.units()] }),
        );
      }
      case "states": {
        const { request, asks } = message;
        if ("reading" in asks) return post({ type: "states", request, ...(await next(asks.reading)) });
        const { target, times } = asks;
        const units = Array.from({ length: times.length / 2 }, (_, i) => ({
          ...{ target, initTime: times[2 * i]!, leadHours: times[2 * i + 1]! },
        }));
        reading.set(++begun, site.parts(units)[Symbol.asyncIterator]());
        return post({ type: "states", request, ...(await next(begun)) });
      }
      case "finished":
        for (const { inputs, states, ...unit } of message.units) site.record(unit, inputs, states);
        for (const { units, states } of message.bundles) site.bundle(units, states);
        return;
    }
  };
  return (message, post) => void answer(message, post).catch(failed);
};
