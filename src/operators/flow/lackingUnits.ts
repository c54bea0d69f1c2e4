/**
 * Units that lack something while inputs still arrive: which of them wait, and which rows may still change on account
 * of those that do.
 */
import type { UnitInputs } from "../../model/finished.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { Watching } from "../../model/watching.ts";
import type { TargetPlan } from "./setPlan.ts";

export class LackingUnits {
  readonly #watching: Watching;
  readonly #open = new Map<TargetPlan, PairRef[]>();

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** Whether a unit counts now. */
  counts(target: TargetPlan, ref: PairRef, { forecast, target: own }: UnitInputs["lacks"]): boolean {
    if (!forecast && !own) return true;
    const { set, initTime, leadHours, validTime } = ref;
    const verdict = this.#watching.judge({
      ...{ caseId: set.event.id, forecast: set.forecast.name, target: target.source.name },
      ...{ lacks: forecast ? "forecast" : "target", initTime, leadHours, validTime },
    });
    if (verdict !== "never") this.#add(target, ref);
    return verdict !== "waits";
  }

  /** A row is provisional while what it was made of may change, or more of it may come. */
  status(target: TargetPlan, { event }: PairRef["set"], metric: Metric, row: MetricRow): Row["status"] {
    const open = this.#open.get(target) ?? [];
    const named: Partial<MetricRow> = metric.apart === true ? row : {};
    const isFuture = event.end > this.#watching.now && (named.initTime == null || named.leadHours == null);
    return isFuture || open.some((ref) => concerns(named, ref)) ? "provisional" : "complete";
  }

  #add(target: TargetPlan, ref: PairRef): void {
    const open = this.#open.get(target) ?? [];
    open.push(ref);
    this.#open.set(target, open);
  }
}

/** Whether a ref is among those that a row of these times is made of. */
const concerns = (
  { initTime, leadHours, validTime }: Partial<MetricRow>,
  ref: Pick<PairRef, "initTime" | "leadHours" | "validTime">,
): boolean =>
  (initTime == null || initTime === ref.initTime) &&
  (leadHours == null || leadHours === ref.leadHours) &&
  (validTime == null || validTime === ref.validTime);
