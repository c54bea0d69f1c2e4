import type { Finished } from "../model/finished.ts";
import type { AboutFinished, ToWorker } from "./messages.ts";

/**
 * Answers a worker that asks for what earlier runs have finished, and keeps what it finishes. States that cannot be
 * read are told by `failed`, and the worker is not answered: its units could not be counted.
 */
export const servedFinished = (
  finished: Finished,
  failed: (error: unknown) => void,
): ((message: AboutFinished, post: (answer: ToWorker) => void) => void) => {
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
        const { request, units } = message;
        return site.states(units).then((states) => post({ type: "states", request, states }));
      }
      case "finished":
        for (const { inputs, states, ...unit } of message.units) site.record(unit, inputs, states);
        return;
    }
  };
  return (message, post) => void answer(message, post).catch(failed);
};
