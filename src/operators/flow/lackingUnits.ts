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

type Verdict = ReturnType<Watching["judge"]>;

/** What is open of one target. */
interface Open {
  readonly counts: Record<"forecast" | "target" | "provisional", number>;
  readonly units: OpenUnit[];
  /** Newest init of a unit that counts. */
  newest: number | null;
}

export class LackingUnits {
  readonly #watching: Watching;
  readonly #open = new Map<TargetPlan, Open>();

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** Whether a unit counts now. */
  counts(target: TargetPlan, ref: PairRef, { forecast, target: own }: UnitInputs["lacks"]): boolean {
    if (forecast || own) {
      const lacks = forecast ? "forecast" : "target";
      const given = this.#judge(target, ref, lacks);
      // Where absent means the fill value, it is what is meant once it is no longer waited for.
      const isFill = (forecast ? ref.set.forecast : target.source).absent === "fill";
      const verdict = given === "provisional" && isFill ? "never" : given;
      this.#note(target, ref, lacks, verdict);
      if (verdict === "waits") return false;
    }
    const open = this.#of(target);
    open.newest = Math.max(open.newest ?? ref.initTime, ref.initTime);
    return true;
  }

  /** A target has not got the valid time of a ref yet. */
  lacksTime(target: TargetPlan, ref: PairRef): void {
    this.#note(target, ref, "target", this.#judge(target, ref, "target"));
  }

  /** Whether a unit that cannot be decoded waits: as long as it may still come, it may be half written. */
  waits(target: TargetPlan, ref: PairRef, lacks: "forecast" | "target"): boolean {
    if (this.#judge(target, ref, lacks) !== "waits") return false;
    this.#note(target, ref, lacks, "waits");
    return true;
  }

  /** How a target stands. */
  event(target: TargetPlan, { event, forecast }: PairRef["set"]): WaitingEvent {
    const { counts, newest } = this.#of(target);
    return {
      ...{ event: "waiting", case_id: event.id, forecast: forecast.name, target: target.source.name },
      ...{ forecast_units: counts.forecast, target_units: counts.target, provisional: counts.provisional },
      newest_init: newest,
    };
  }

  /** A row is provisional while what it was made of may change, or more of it may come. */
  status(
    target: TargetPlan,
    { event, forecast }: PairRef["set"],
    metric: Metric,
    row: MetricRow,
  ): Row["status"] {
    const { units } = this.#of(target);
    const named: Partial<MetricRow> = metric.apart === true ? row : {};
    const mayGrow = this.#watching.mayGrow(event.end, forecast.name, forecast.patience);
    const isFuture = mayGrow && (named.initTime == null || named.leadHours == null);
    return isFuture || units.some((ref) => concerns(named, ref)) ? "provisional" : "complete";
  }

  /** What is open of a target, for whoever makes its rows. */
  part(target: TargetPlan): OpenUnits {
    const { counts, units, newest } = this.#of(target);
    const times = units.map(({ initTime, leadHours, validTime }) => ({ initTime, leadHours, validTime }));
    return { counts, units: times, newest };
  }

  /** Adds what others found open. */
  join(target: TargetPlan, { counts, units, newest }: OpenUnits): void {
    const all = this.#of(target);
    for (const cause of ["forecast", "target", "provisional"] as const) all.counts[cause] += counts[cause];
    for (const unit of units) all.units.push(unit);
    if (newest !== null) all.newest = Math.max(all.newest ?? newest, newest);
  }

  #judge(target: TargetPlan, ref: PairRef, lacks: "forecast" | "target"): Verdict {
    const { set, initTime, leadHours, validTime } = ref;
    const { patience } = lacks === "forecast" ? set.forecast : target.source;
    return this.#watching.judge({
      ...{ caseId: set.event.id, forecast: set.forecast.name, target: target.source.name },
      ...{ lacks, initTime, leadHours, validTime },
      ...(patience === undefined ? {} : { own: patience }),
    });
  }

  #note(target: TargetPlan, ref: OpenUnit, lacks: "forecast" | "target", verdict: Verdict): void {
    if (verdict === "never") return;
    const { counts, units } = this.#of(target);
    counts[verdict === "provisional" ? "provisional" : lacks] += 1;
    units.push(ref);
  }

  #of(target: TargetPlan): Open {
    const open = this.#open.get(target) ?? {
      counts: { forecast: 0, target: 0, provisional: 0 },
      units: [],
      newest: null,
    };
    this.#open.set(target, open);
    return open;
  }
}

/** Whether a ref is among those that a row of these times is made of. */
const concerns = ({ initTime, leadHours, validTime }: Partial<MetricRow>, ref: OpenUnit): boolean =>
  (initTime == null || initTime === ref.initTime) &&
  (leadHours == null || leadHours === ref.leadHours) &&
  (validTime == null || validTime === ref.validTime);
