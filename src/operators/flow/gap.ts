import type { PairSet } from "../../model/pair.ts";
import type { Gap } from "../../model/row.ts";
import type { Source } from "../../model/source.ts";

/** A line of the gaps table: of a target, or of the forecast. */
export const gapOf = (set: PairSet, target: Source | undefined, what: string, units: number): Gap => ({
  case_id: set.event.id,
  forecast: set.forecast.name,
  target: target?.name ?? "",
  source: (target ?? set.forecast).address,
  what,
  units,
});
