import type { MetricRow } from "../../model/metric.ts";
import type { Pair } from "../../model/pair.ts";
import { oneOf } from "./options.ts";

/** What a metric does not reduce over. */
export type Kept = "init_time" | "lead_time" | "valid_time";

const ORDER: readonly Kept[] = ["init_time", "lead_time", "valid_time"];

export type Keep = readonly Kept[];

/** Checks `keep` and puts it in one order without repetition. Throws `Options`. */
export const keptTimes = (metric: string, keep: Keep): Keep => {
  for (const kept of keep) oneOf(metric, "keep", kept, ORDER);
  return ORDER.filter((kept) => keep.includes(kept));
};

/** `keep` as a parameter, only where it is not what the metric keeps anyway. */
export const keepParameter = (keep: Keep, usual: Keep): Record<string, string> =>
  keep.join() === usual.join() ? {} : { keep: keep.length === 0 ? "nothing" : keep.join(",") };

/** Times of a row: null where the metric has reduced. Two of the three name the third. */
export interface Key {
  readonly initTime: number | null;
  readonly leadHours: number | null;
  readonly validTime: number | null;
}

export const keyOf = (
  keep: Keep,
  { initTime, leadHours, validTime }: Pick<Pair, "initTime" | "leadHours" | "validTime">,
): Key => {
  if (keep.length > 1) return { initTime, leadHours, validTime };
  const [only] = keep;
  return {
    initTime: only === "init_time" ? initTime : null,
    leadHours: only === "lead_time" ? leadHours : null,
    validTime: only === "valid_time" ? validTime : null,
  };
};

/** Tells the keys of one `keep` apart. */
export const keyId = ({ initTime, leadHours, validTime }: Key): string | number =>
  initTime !== null && leadHours !== null
    ? `${initTime} ${leadHours}`
    : (initTime ?? leadHours ?? validTime ?? "");

/** By init, then lead, then valid time. */
export const byKey = (a: MetricRow, b: MetricRow): number =>
  (a.initTime ?? 0) - (b.initTime ?? 0) ||
  (a.leadHours ?? 0) - (b.leadHours ?? 0) ||
  (a.validTime ?? 0) - (b.validTime ?? 0);
