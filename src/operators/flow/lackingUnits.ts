/**
 * Units that lack something while inputs still arrive: which of them wait, and which rows may still change on account
 * of those that do.
 */
import type { WaitingEvent } from "../../model/event.ts";
import type { UnitInputs } from "../../model/finished.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { Watching } from "../../model/watching.ts";
import type { TargetPlan } from "./setPlan.ts";

export class LackingUnits {
  readonly #watching: Watching;
  readonly #open = new Map<TargetPlan, PairRef[]>();
  readonly #counts = new Map<TargetPlan, Record<"forecast" | "target" | "provisional", number>>();

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
    if (verdict === "never") return true;
    const all = this.#counts.get(target) ?? { forecast: 0, target: 0, provisional: 0 };
    this.#counts.set(target, all);
    all[verdict === "provisional" ? "provisional" : forecast ? "forecast" : "target"] += 1;
    this.#add(target, ref);
    return verdict !== "waits";
  }

  /** What a target's units wait for; undefined: for nothing. */
  event(target: TargetPlan, { event, forecast }: PairRef["set"]): WaitingEvent | undefined {
    const counts = this.#counts.get(target);
    return (
      counts && {
        ...{ event: "waiting", case_id: event.id, forecast: forecast.name, target: target.source.name },
        ...{ forecast_units: counts.forecast, target_units: counts.target, provisional: counts.provisional },
      }
    );
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
