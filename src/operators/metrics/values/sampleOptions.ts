import { EwbError } from "../../../model/errors.ts";
import type { Quantity } from "../../../model/units.ts";
import type { Grouping, GroupOptions } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import { type ParsedQuantity, quantityOf } from "../quantity.ts";
import { USUAL } from "../scoreOptions.ts";

/** Options of metrics of order statistics; every place counts alike. */
export interface SampleOptions<Unit extends string> {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Keeps counts of numbers rounded to multiples of this width in place of the numbers: the state no longer grows with
   * the sample, and every quantile is off by at most half of the width. */
  readonly sketch?: Quantity<Unit>;
}

export interface ParsedSampleOptions extends Grouping {
  readonly sketch: ParsedQuantity | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

export const sampleOptions = (
  metric: string,
  { keep = USUAL, sketch, by, where }: SampleOptions<any> & GroupOptions,
): ParsedSampleOptions => {
  const kept = keptTimes(metric, keep);
  const width = sketch === undefined ? undefined : quantityOf(metric, "sketch", sketch, 0);
  if (width?.value === 0) {
    throw new EwbError(
      "Options",
      `${metric}: sketch is ${JSON.stringify(sketch)}; expected a width above 0, like "0.01 K".`,
    );
  }
  return {
    keep: kept,
    by,
    where,
    sketch: width,
    parameters: { ...(width && { sketch: width.text }), ...keepParameter(kept, USUAL) },
  };
};

/** Levels of quantiles, 0 to 1; throws `Options`. */
export const levelsOf = (metric: string, levels: readonly number[]): readonly number[] => {
  if (Array.isArray(levels) && levels.length > 0 && levels.every((level) => level >= 0 && level <= 1)) {
    return levels;
  }
  throw new EwbError(
    "Options",
    `${metric}: levels is ${JSON.stringify(levels)}; expected numbers from 0 to 1, like [0.5, 0.9].`,
  );
};
