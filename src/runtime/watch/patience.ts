/**
 * How long inputs are waited for. A unit that lacks something waits until the deadline of its source; then it counts as
 * it is and its rows are provisional; after a longer time what it lacks is taken never to come. Both are counted from
 * the moment the input is of: the init of a forecast, the valid time of a target. What is said of a source by name (the
 * command line) goes before what it says of itself (data set, pipeline), and that before what holds for all.
 */
import { DAY, HOUR } from "../../kernels/time.ts";
import type { Patience, Watching } from "../../model/watching.ts";

/** One moment, and the patience with each source. Plain data. */
export interface WatchTurn {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly forecast: Patience;
  readonly target: Patience;
  /** By name of the source, as far as it differs. */
  readonly sources?: Readonly<Record<string, Partial<Patience>>>;
}

/** Forecasts are there within a day or come late; analyses may take a week, reports are corrected for longer. */
export const usualPatience = {
  forecast: { deadline: 24 * HOUR, never: 3 * DAY },
  target: { deadline: 7 * DAY, never: 90 * DAY },
} as const satisfies Pick<WatchTurn, "forecast" | "target">;

/** @example watchingAt({ now: Date.now(), ...usualPatience }) */
export const watchingAt = (turn: WatchTurn): Watching => {
  const patienceWith = (role: "forecast" | "target", name: string, own?: Partial<Patience>): Patience => {
    const { deadline, never } = { ...turn[role], ...own, ...turn.sources?.[name] };
    return { deadline, never: Math.max(deadline, never) };
  };
  return {
    now: turn.now,
    mayGrow: (end, forecast, own) => turn.now < end + patienceWith("forecast", forecast, own).never,
    judge({ lacks, forecast, target, own, initTime, validTime }) {
      const [name, since] = lacks === "forecast" ? [forecast, initTime] : [target, validTime];
      const { deadline, never } = patienceWith(lacks, name, own);
      const age = turn.now - since;
      if (age < deadline) return "waits";
      return age < never ? "provisional" : "never";
    },
  };
};
