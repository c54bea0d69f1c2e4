import type { Clock } from "./clock.ts";

/** How often and when a failed request is made again. */
export interface Retry {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second request; doubles, up to 10 s, with jitter. */
  readonly delay: number;
  /** 0 to 1; replaced by tests. */
  random(): number;
}

export const patientRetry: Retry = { attempts: 5, delay: 250, random: Math.random };

/** A failure that may pass: thrown by what `retrying` runs. The message reads on after the key. */
export class Transient extends Error {
  /** Requests in all after which it is no use to ask again. */
  readonly most: number;
  constructor(message: string, cause?: unknown, most = Number.POSITIVE_INFINITY) {
    super(message, { cause });
    this.name = "Transient";
    this.most = most;
  }
}

const longestDelay = 10_000;

/**
 * Runs `work` again while it throws `Transient`, at most `attempts` times, waiting longer each time: between half
 * and all of the doubled delay. Everything else it throws comes out at once, and so does the last `Transient`. What
 * others throw is given its name by `named`. (What a server asks to wait, its host waits for all requests:
 * `RequestLimit`.)
 */
export async function retrying<T>(
  work: () => Promise<T>,
  { attempts, delay, random }: Retry,
  wait: Clock["wait"],
  signal: AbortSignal | undefined,
  named: (thrown: unknown) => unknown,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const error = named(thrown);
      if (!(error instanceof Transient) || attempt >= Math.min(attempts, error.most)) throw error;
      const backoff = Math.min(longestDelay, delay * 2 ** (attempt - 1));
      await wait(backoff * (0.5 + 0.5 * random()), signal);
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
