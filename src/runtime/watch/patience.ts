/**
 * How long inputs are waited for. A unit that lacks something waits until the deadline of its source; then it counts as
 * it is and its rows are provisional; after a longer time what it lacks is taken never to come. Both are counted from
 * the moment the input is of: the init of a forecast, the valid time of a target.
 */
import type { Watching } from "../../model/watching.ts";

export interface Patience {
  /** Milliseconds after the init (the valid time) until which a unit waits. */
  readonly deadline: number;
  /** Milliseconds after which what is not there will not come. */
  readonly never: number;
}

/** One moment, and the patience with each source. Plain data. */
export interface WatchTurn {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly forecast: Patience;
  readonly target: Patience;
  /** By name of the source, where it differs. */
  readonly sources?: Readonly<Record<string, Patience>>;
}

const hour = 3_600_000;

/** Forecasts are there within a day or come late; analyses may take a week, reports are corrected for longer. */
export const usualPatience = {
  forecast: { deadline: 24 * hour, never: 3 * 24 * hour },
  target: { deadline: 7 * 24 * hour, never: 90 * 24 * hour },
} as const satisfies Pick<WatchTurn, "forecast" | "target">;

/** @example watchingAt({ now: Date.now(), ...usualPatience }) */
export const watchingAt = (turn: WatchTurn): Watching => ({
  now: turn.now,
  mayGrow: (end) => turn.now < end + turn.forecast.never,
  judge({ lacks, forecast, target, initTime, validTime }) {
    const [name, since] = lacks === "forecast" ? [forecast, initTime] : [target, validTime];
    const { deadline, never } = turn.sources?.[name] ?? turn[lacks];
    const age = turn.now - since;
    if (age < deadline) return "waits";
    return age < never ? "provisional" : "never";
  },
});
