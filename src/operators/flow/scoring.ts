/** What one subscription of `score` keeps: plans of its pair sets, states and failures of their targets. */
import { concatMap, type Observable, of } from "rxjs";
import { hashText } from "../../kernels/hash.ts";
import type { Cost } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Metric } from "../../model/metric.ts";
import type { ClimatologyField, PairRef, PairSet } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { Run } from "../../model/run.ts";
import { failureOf } from "./failure.ts";
import { gapOf } from "./gap.ts";
import { Gathered } from "./gathered.ts";
import { describeMetric, metricId, rowsOf } from "./rows.ts";
import { planSet, type SetPlan, type TargetPlan, unitCost } from "./setPlan.ts";
import { observeUnit, type Seen } from "./unit.ts";

/** A unit that may be opened. */
export interface Unit {
  readonly plan: SetPlan;
  readonly ref: PairRef;
  readonly cost: Cost;
}

/** States of one target of a set, and what went wrong. */
interface Tally {
  readonly states: readonly Gathered[];
  seen: number;
  failed: number;
  /** Refs of which a side lacks a chunk: missing values, no failure. */
  readonly absent: { forecast: number; target: number };
  readonly versions: { readonly forecast: Set<string>; readonly target: Set<string> };
}

export class Scoring {
  readonly #run: Run;
  readonly #metrics: readonly Metric[];
  readonly #label: string | undefined;
  readonly #plans = new Map<PairSet, SetPlan | undefined>();
  readonly #tallies = new Map<TargetPlan, Tally>();
  #turn: Promise<void> = Promise.resolve();
  #unopened: { readonly error: unknown } | undefined;

  constructor(run: Run, metrics: readonly Metric[], label: string | undefined) {
    this.#run = run;
    this.#metrics = metrics;
    this.#label = label;
  }

  /** Names, held back until the climatologies are open: a unit must know its cost before it asks for bytes. */
  whenReady<T>(refs: Observable<T>): Observable<T> {
    const fields = this.#metrics.flatMap(({ needs }) => needs.climatologies ?? []);
    if (fields.length === 0) return refs;
    let isOpen = false;
    const opening = this.#openClimatologies(fields).then(() => {
      isOpen = true;
    });
    return refs.pipe(concatMap((ref) => (isOpen ? of(ref) : opening.then(() => ref))));
  }

  async #openClimatologies(fields: readonly ClimatologyField[]): Promise<void> {
    for (const { source, variable } of fields) {
      try {
        await (await this.#run.open(source)).check([variable]);
      } catch (error) {
        // Thrown where a set is planned, so that the failure names its case.
        this.#unopened ??= { error };
      }
    }
  }

  /** The unit of a name, with its cost; undefined: nothing of it is wanted (any more). */
  unit(ref: PairRef): Unit | undefined {
    const plan = this.#plan(ref.set);
    if (plan === undefined || !plan.targets.some((target) => this.#wanted(target))) return undefined;
    const cost = unitCost(plan, ref);
    const { limit } = this.#run.budget;
    if (cost.bytes > limit) {
      const largest = cost.chunks.reduce((a, b) => (b.bytes > a.bytes ? b : a), { id: "no chunk", bytes: 0 });
      const error = new EwbError(
        "OverBudget",
        `one unit of ${plan.variables.join(", ")} needs ${cost.bytes} bytes, ` +
          `the budget is ${limit} bytes (largest chunk: ${largest.id}, ${largest.bytes} bytes decoded). ` +
          "Give more memory (--memory) or fewer workers that share it (--workers), fewer variables, or a store with " +
          "smaller chunks.",
        { source: ref.set.forecast.address },
      );
      this.#refuse(plan, error);
      return undefined;
    }
    return { plan, ref, cost };
  }

  observe({ plan, ref }: Unit, signal: AbortSignal): Promise<readonly Seen[]> {
    const wanted = (target: TargetPlan) => this.#wanted(target);
    return observeUnit(plan, ref, this.#metrics, wanted, () => this.#nextTurn(), signal);
  }

  /** One unit is computed a turn of the event loop: of many that are ready at once, none keeps a signal waiting. */
  #nextTurn(): Promise<void> {
    this.#turn = this.#turn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#turn;
  }

  merge(seen: readonly Seen[], { plan, ref }: Unit): void {
    for (const one of seen) {
      const tally = this.#tallies.get(one.target)!;
      tally.seen += 1;
      if ("error" in one) {
        tally.failed += 1;
        const key = `init ${new Date(ref.initTime).toISOString()}, lead ${ref.leadHours} h`;
        if (this.#run.maxMissing > 0 || tally.failed === 1) {
          this.#run.fail(
            failureOf(one.error, one.stage, { set: plan.set, target: one.target.source.name, key }),
          );
        }
        continue;
      }
      if (tally.failed === Number.POSITIVE_INFINITY) continue;
      try {
        for (const [i, state] of one.states.entries()) tally.states[i]!.add(state);
      } catch (error) {
        tally.failed = Number.POSITIVE_INFINITY;
        this.#run.fail(failureOf(error, "compute", { set: plan.set, target: one.target.source.name }));
      }
      for (const side of ["forecast", "target"] as const) {
        let absent = 0;
        for (const [chunk, version] of one.versions[side]) {
          tally.versions[side].add(`${chunk}@${version}`);
          if (version === "absent") absent = 1;
        }
        tally.absent[side] += absent;
      }
    }
  }

  /** The rows of all targets that are whole. */
  finish(): readonly Row[] {
    const rows: Row[] = [];
    for (const plan of this.#plans.values()) {
      if (plan === undefined || this.#run.isCutShort(plan.set)) continue;
      for (const target of plan.targets) rows.push(...this.#finishTarget(plan, target));
    }
    return rows;
  }

  #finishTarget(plan: SetPlan, target: TargetPlan): Row[] {
    const tally = this.#tallies.get(target)!;
    const share = tally.seen === 0 ? 0 : tally.failed / tally.seen;
    if (tally.failed === Number.POSITIVE_INFINITY || share > this.#run.maxMissing) return [];
    for (const side of ["forecast", "target"] as const) {
      const units = tally.absent[side];
      const source = side === "forecast" ? plan.set.forecast : target.source;
      const what = `chunks are absent in ${units} of ${tally.seen} forecasts: their values are missing`;
      if (units > 0)
        this.#run.gap({ ...gapOf(plan.set, target.source, what, units), source: source.address });
    }
    try {
      return this.#metrics.flatMap((metric, i) =>
        rowsOf(metric, metric.finish(tally.states[i]!.whole()), {
          plan,
          target,
          label: this.#label,
          status: tally.failed > 0 ? "partial" : "complete",
          version: this.#run.version,
          forecastVersion: hashText([...tally.versions.forecast].sort().join("\n")),
          targetVersion: hashText([...tally.versions.target].sort().join("\n")),
        }),
      );
    } catch (error) {
      this.#run.fail(failureOf(error, "compute", { set: plan.set, target: target.source.name }));
      return [];
    }
  }

  #wanted(target: TargetPlan): boolean {
    return this.#run.maxMissing > 0
      ? this.#tallies.get(target)!.failed !== Number.POSITIVE_INFINITY
      : this.#tallies.get(target)!.failed === 0;
  }

  #refuse(plan: SetPlan, error: unknown): void {
    for (const target of plan.targets) this.#tallies.get(target)!.failed = Number.POSITIVE_INFINITY;
    this.#run.fail(failureOf(error, "open", { set: plan.set }));
  }

  /** The compiler sees a misspelled variable; a pipeline may run without it. */
  #refuseUnknown(set: PairSet): void {
    for (const { name, variable } of this.#metrics) {
      if (set.variables.includes(variable)) continue;
      throw new EwbError(
        "Options",
        `${name}(${JSON.stringify(variable)}): the pairs have ${set.variables.join(", ")}. ` +
          "Name one of these, or add it to the variables of pairs.",
      );
    }
  }

  #plan(set: PairSet): SetPlan | undefined {
    if (this.#plans.has(set)) return this.#plans.get(set);
    for (const metric of this.#metrics)
      this.#run.document("metrics", metricId(metric), describeMetric(metric));
    const names = [set.forecast.name, ...set.targets.map(({ name }) => name)];
    const ids = this.#metrics.map((metric) => [metricId(metric), metric.variable]);
    this.#run.site(set.event, JSON.stringify([names, ids, this.#label ?? null]));
    let plan: SetPlan | undefined;
    try {
      if (this.#unopened !== undefined) throw this.#unopened.error;
      this.#refuseUnknown(set);
      plan = planSet(this.#run, set, this.#metrics);
      for (const target of plan.targets) {
        this.#tallies.set(target, {
          states: this.#metrics.map((metric) => new Gathered(metric)),
          seen: 0,
          failed: 0,
          absent: { forecast: 0, target: 0 },
          versions: { forecast: new Set(), target: new Set() },
        });
      }
    } catch (error) {
      this.#run.fail(failureOf(error, "open", { set }));
    }
    this.#plans.set(set, plan);
    return plan;
  }
}
