/** `Sharing` of one job of a worker: what is done here, what was given away, and what came back of it. */
import type { Give, Part, Sharing } from "../model/sharing.ts";
import { type FromWorker, type PlainError, revivedError, type SiteRange } from "./messages.ts";

export interface JobSharing extends Sharing {
  readonly deliver: Sharing["deliver"];
  /** Whether the part that was handed over was found and sent. */
  readonly delivered: boolean;
  /** Gives refs of one of the sites away, and expects what is found of them. */
  give(): SiteRange | undefined;
  expect(site: string): void;
  take(message: { readonly site: string; readonly part?: Part; readonly error?: PlainError }): void;
}

interface Pending {
  expected: number;
  readonly parts: Part[];
  error: Error | undefined;
  resolve: (() => void) | undefined;
}

/** @param range set where the job is a part of a case: its states go to where the case is */
export const jobSharing = (
  job: number,
  range: SiteRange | undefined,
  send: (message: FromWorker) => void,
): JobSharing => {
  const offers = new Map<string, Give>();
  const pending = new Map<string, Pending>();
  let delivered = false;

  const of = (site: string): Pending => {
    const found = pending.get(site) ?? { expected: 0, parts: [], error: undefined, resolve: undefined };
    pending.set(site, found);
    return found;
  };
  const settle = (one: Pending) => {
    if (one.error !== undefined || one.parts.length >= one.expected) one.resolve?.();
    else if (one.resolve !== undefined) send({ type: "waits", job });
  };

  return {
    range(site) {
      if (range === undefined) return { from: 0, to: Number.POSITIVE_INFINITY };
      return range.site === site ? range : undefined;
    },
    offer(site, give) {
      offers.set(site, give);
      return () => void offers.delete(site);
    },
    async parts(site) {
      const one = of(site);
      if (one.parts.length < one.expected && one.error === undefined) {
        send({ type: "waits", job });
        await new Promise<void>((resolve) => {
          one.resolve = resolve;
        });
      }
      if (one.error !== undefined) throw one.error;
      return one.parts;
    },
    deliver:
      range === undefined
        ? undefined
        : (site, part) => {
            delivered = true;
            send({ type: "part", job, site, part });
          },
    get delivered() {
      return delivered;
    },
    give() {
      for (const [site, give] of offers) {
        const given = give();
        if (given === undefined) continue;
        // Where this job is itself a part, what is found goes to where the case is: it is told to expect one more.
        if (range === undefined) of(site).expected += 1;
        return { site, ...given };
      }
      return undefined;
    },
    expect(site) {
      of(site).expected += 1;
    },
    take({ site, part, error }) {
      const one = of(site);
      if (part !== undefined) one.parts.push(part);
      else one.error = revivedError(error ?? { name: "Error", message: "a part of the case was lost" });
      settle(one);
    },
  };
};
