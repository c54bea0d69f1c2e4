import { readPatience } from "../catalog/patience.ts";
import { duration } from "../kernels/duration.ts";
import { EwbError } from "../model/errors.ts";
import type { Patience } from "../model/watching.ts";
import { usualPatience, type WatchTurn } from "../runtime/watch/patience.ts";

/** Milliseconds of `30s`, `5m`, `12 h`, `6d`; throws `Options` for anything else. */
export const milliseconds = (flag: string, text: string): number => {
  const found = duration(text);
  if (found !== undefined) return found;
  throw new EwbError("Options", `${flag} ${text}: expected a time like 30s, 5m, 12h or 6d`);
};

export interface PatienceText {
  readonly forecastDeadline?: string;
  readonly forecastNever?: string;
  readonly targetDeadline?: string;
  readonly targetNever?: string;
  /** `NAME=3d` or `NAME=3d,30d`. */
  readonly wait?: readonly string[];
}

/** How long inputs are waited for, as the command line says; throws `Options` where never comes before the deadline. */
export const patienceOf = (text: PatienceText): Omit<WatchTurn, "now"> => {
  const one = (side: "forecast" | "target", deadline?: string, never?: string): Patience => {
    const usual = usualPatience[side];
    const until = deadline === undefined ? usual.deadline : milliseconds(`--${side}-deadline`, deadline);
    const last = never === undefined ? Math.max(usual.never, until) : milliseconds(`--${side}-never`, never);
    if (last >= until) return { deadline: until, never: last };
    throw new EwbError("Options", `--${side}-never ${never}: expected no less than the deadline`);
  };
  return {
    forecast: one("forecast", text.forecastDeadline, text.forecastNever),
    target: one("target", text.targetDeadline, text.targetNever),
    ...(text.wait === undefined ? {} : { sources: Object.fromEntries(text.wait.map(ofSource)) }),
  };
};

const ofSource = (text: string): readonly [name: string, patience: Partial<Patience>] => {
  // A name may have an = of its own.
  const [, name, wait, never] = /^(.+)=([^=,]+)(?:,([^=,]+))?$/.exec(text) ?? [];
  if (name === undefined || wait === undefined)
    throw new EwbError("Options", `--wait ${text}: expected NAME=3d, or NAME=3d,30d`);
  const { patience, problems } = readPatience({ wait, ...(never === undefined ? {} : { never }) });
  if (problems.length > 0) throw new EwbError("Options", `--wait ${text}: ${problems.join("; ")}`);
  return [name, patience];
};
