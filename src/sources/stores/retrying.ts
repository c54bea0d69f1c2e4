import { setTimeout } from "node:timers/promises";

/** How often and when a failed request is made again. Delays can be replaced, for tests. */
export interface Retry {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second request; doubles, up to 10 s, with jitter. */
  readonly delay: number;
  /** Waits this many milliseconds. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<unknown>;
  /** 0 to 1. */
  random(): number;
}

export const patientRetry: Retry = {
  attempts: 5,
  delay: 250,
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
};

/** A failure that may pass: thrown by what `retrying` runs. The message reads on after the key. */
export class Transient extends Error {
  /** Milliseconds the server asked to wait. */
  readonly after: number;
  constructor(message: string, after = 0, cause?: unknown) {
    super(message, { cause });
    this.name = "Transient";
    this.after = after;
  }
}

const longestDelay = 10_000;
const longestAfter = 60_000;

/**
 * Runs `work` again while it throws `Transient`, at most `attempts` times, waiting longer each time: between half
 * and all of the doubled delay, and no less than the server asked for (up to a minute). Everything else it throws
 * comes out at once, and so does the last `Transient`.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  retry: Retry,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient) || attempt >= retry.attempts) throw error;
      const backoff = Math.min(longestDelay, retry.delay * 2 ** (attempt - 1));
      const jittered = backoff * (0.5 + 0.5 * retry.random());
      await retry.wait(Math.max(jittered, Math.min(error.after, longestAfter)), signal);
    }
  }
}

/** `Retry-After` in milliseconds: seconds, or a date; 0 where there is none. */
export function retryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
