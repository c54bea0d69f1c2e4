import { EwbError } from "../../../model/errors.ts";

/** A quantile of each side's own values, as a threshold; made by `ownQuantile`. */
export interface OwnQuantile {
  readonly kind: "own quantile";
  readonly level: number;
  /** Canonical text for the column `parameters`. */
  readonly text: string;
}

/**
 * As a threshold: the quantile of the forecast's values for forecasts and of the target's for targets, over all samples
 * of a key (linear between order statistics). Both sides then have the same share of events, but for ties: scores tell
 * dependence, not bias. The sample is kept, 8 or 16 bytes a place and time.
 *
 *     extremalDependenceIndex("surface_wind_speed", { above: [ownQuantile(0.9), ownQuantile(0.95)], strictly: true })
 *
 * Throws `Options` for a level outside 0 to 1.
 */
export const ownQuantile = (level: number): OwnQuantile => {
  if (!(level >= 0 && level <= 1)) {
    throw new EwbError("Options", `ownQuantile: the level is ${level}; expected 0 to 1, like 0.9.`);
  }
  return { kind: "own quantile", level, text: `own quantile ${level}` };
};

export const isOwnQuantile = (threshold: unknown): threshold is OwnQuantile =>
  typeof threshold === "object" &&
  threshold !== null &&
  "kind" in threshold &&
  threshold.kind === "own quantile";
