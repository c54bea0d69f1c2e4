import { EwbError } from "../model/errors.ts";
import { type Patience, usualPatience } from "../runtime/watch/patience.ts";

const units: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, min: 60e3, h: 3600e3, d: 86_400e3 };

/** Milliseconds of `30s`, `5m`, `12 h`, `6d`; throws `Options` for anything else. */
export const milliseconds = (flag: string, text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  if (number === undefined) {
    throw new EwbError("Options", `${flag} ${text}: expected a time like 30s, 5m, 12h or 6d`);
  }
  return Number(number) * units[unit!]!;
};

export interface PatienceText {
  readonly forecastDeadline?: string;
  readonly forecastNever?: string;
  readonly targetDeadline?: string;
  readonly targetNever?: string;
}

/** How long inputs are waited for, as the command line says; throws `Options` where never comes before the deadline. */
export const patienceOf = (
  text: PatienceText,
): { readonly forecast: Patience; readonly target: Patience } => {
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
  };
};
