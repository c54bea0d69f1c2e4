/**
 * Units that lack something while inputs still arrive: which of them wait, and which rows may still change on account
 * of those that do.
 */
import type { WaitingEvent } from "../../model/event.ts";
import type { UnitInputs } from "../../model/finished.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { OpenUnit, OpenUnits } from "../../model/sharing.ts";
import type { Watching } from "../../model/watching.ts";
import type { TargetPlan } from "./setPlan.ts";

export class LackingUnits {
  readonly #watching: Watching;
  readonly #open = new Map<TargetPlan, OpenUnit[]>();
  readonly #counts = new Map<TargetPlan, Record<"forecast" | "target" | "provisional", number>>();

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** Whether a unit counts now. */
  counts(target: TargetPlan, ref: PairRef, { forecast, target: own }: UnitInputs["lacks"]): boolean {
    if (!forecast && !own) return true;
    const { set, initTime, leadHours, validTime } = ref;
    const given = this.#watching.judge({
      ...{ caseId: set.event.id, forecast: set.forecast.name, target: target.source.name },
      ...{ lacks: forecast ? "forecast" : "target", initTime, leadHours, validTime },
    });
    // Where absent means the fill value, it is what is meant once it is no longer waited for.
    const isFill = (forecast ? set.forecast : target.source).absent === "fill";
    const verdict = given === "provisional" && isFill ? "never" : given;
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
    const isFuture = this.#watching.mayGrow(event.end) && (named.initTime == null || named.leadHours == null);
    return isFuture || open.some((ref) => concerns(named, ref)) ? "provisional" : "complete";
  }

  /** What is open of a target, for whoever makes its rows. */
  part(target: TargetPlan): OpenUnits {
    const counts = this.#counts.get(target) ?? { forecast: 0, target: 0, provisional: 0 };
    const units = (this.#open.get(target) ?? []).map(({ initTime, leadHours, validTime }) => ({
      ...{ initTime, leadHours, validTime },
    }));
    return { counts, units };
  }

  /** Adds what others found open. */
  join(target: TargetPlan, { counts, units }: OpenUnits): void {
    if (units.length === 0) return;
    const all = this.#counts.get(target) ?? { forecast: 0, target: 0, provisional: 0 };
    for (const cause of ["forecast", "target", "provisional"] as const) all[cause] += counts[cause];
    this.#counts.set(target, all);
    for (const unit of units) this.#add(target, unit);
  }

  #add(target: TargetPlan, ref: OpenUnit): void {
    const open = this.#open.get(target) ?? [];
    open.push(ref);
    this.#open.set(target, open);
  }
}

/** Whether a ref is among those that a row of these times is made of. */
const concerns = ({ initTime, leadHours, validTime }: Partial<MetricRow>, ref: OpenUnit): boolean =>
  (initTime == null || initTime === ref.initTime) &&
  (leadHours == null || leadHours === ref.leadHours) &&
  (validTime == null || validTime === ref.validTime);
