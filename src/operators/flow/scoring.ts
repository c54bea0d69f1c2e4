/** What one subscription of `score` keeps: plans of its pair sets, states and failures of their targets. */
import { EMPTY, finalize, from, map, mergeMap, type Observable, of } from "rxjs";
import { versionOf } from "../../kernels/versionOf.ts";
import { EwbError, isEwbError } from "../../model/errors.ts";
import type { Values } from "../../model/field.ts";
import type { Metric } from "../../model/metric.ts";
import type { PairRef, PairSet } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { Run } from "../../model/run.ts";
import type { Part } from "../../model/sharing.ts";
import type { Source } from "../../model/source.ts";
import { CommonReadings } from "./commonReadings.ts";
import { ComputeTurns } from "./computeTurns.ts";
import { UnitCutter, type UnitPart } from "./cutUnit.ts";
import { failureOf } from "./failure.ts";
import { gapOf } from "./gap.ts";
import { heldUntil } from "./heldUntil.ts";
import { Joined } from "./joined.ts";
import { inputsOf, KeptUnits } from "./keptUnits.ts";
import { LackingUnits } from "./lackingUnits.ts";
import { distinctReferences } from "./referencePlan.ts";
import { describeMetric, metricId, rowsOf } from "./rows.ts";
import { farClimatologies, planSet, type SetPlan, type TargetPlan, variablesOf } from "./setPlan.ts";
import { allRefs, Site } from "./site.ts";
import { stateBytes } from "./stateBytes.ts";
import { Tally } from "./tally.ts";
import { observeUnit, observeUnmatched, type Seen, type UnitOptions } from "./unit.ts";

/** A unit, or a part of one, that may be opened. */
export interface Unit {
  readonly ref: PairRef;
  /** The plan of its set. */
  readonly site: SetPlan;
  readonly part: UnitPart;
  /** Makes one of the parts of its ref. */
  readonly joined: Joined;
  /** Its number among the refs of its site. */
  readonly number: number;
}

/** A name, the plan of its set, and its number among the refs of its site. */
export interface Arrival {
  readonly ref: PairRef;
  readonly plan: SetPlan;
  readonly number: number;
}

/** All that the states of a unit rest on beside the versions of what it reads. */
const siteText = ({ event, matching, unmatched }: PairSet, site: string, plan: SetPlan): string => {
  const { id, start, end, region } = event;
  const sources = [plan.forecast.source, ...plan.targets.map(({ source }) => source)];
  const places = sources.map(({ address, mapping, member, absent }) => [address, mapping, member, absent]);
  return JSON.stringify([site, { id, start, end, region }, matching.parameters, unmatched, places]);
};

/** What the numbers of refs rest on: equal in two workers, or a part of the one is none of the other. */
const namesOf = ({ targets }: SetPlan, site: Site): string =>
  `${site.names} of ${targets.map(({ source }) => source.name).join(", ")}`;

const checkNames = (here: string, there: string): void => {
  if (here === there) return;
  throw new EwbError(
    "Worker",
    `two workers share the case and do not have the same refs: ${here}, and ${there}. A source that only one of them ` +
      "could open, or a pipeline that depends on chance, on the time, or on rows of another score: run it again, or with " +
      "--workers 0 or 1",
  );
};

/** Share of what one unit may hold that it should not exceed where it can be cut: so that two fit side by side. */
const comfort = 0.5;
/** Units after which states are weighed, and how many times as many for each time after: it costs more than to add one. */
const [weighedFirst, weighedAgain] = [16, 1.25];
/** One unit in so many is looked at: where later ones are larger, bytes that nobody has weighed are these at most. */
const [lookedAt, unweighed] = [16, 8e6];

export class Scoring {
  readonly #run: Run;
  readonly #metrics: readonly Metric[];
  readonly #label: string | undefined;
  readonly #plans = new Map<PairSet, SetPlan | undefined>();
  readonly #sites = new Map<SetPlan, Site>();
  readonly #cutters = new Map<SetPlan, UnitCutter>();
  readonly #tallies = new Map<TargetPlan, Tally>();
  readonly #missing = new Map<TargetPlan, Float64Array>();
  /** Ends the offers to give refs away. */
  readonly #offers: (() => void)[] = [];
  /** Ends the wait for chunks of climatologies. */
  readonly #expected: ((() => void) | undefined)[] = [];
  /** Bytes of states on the ledger. */
  #stateBytes = 0;
  /** States that were taken; they are weighed when there are so many. */
  #taken = 0;
  #weighAt = weighedFirst;
  /** Bytes that came since, about. */
  #grown = 0;
  readonly #kept = new Map<SetPlan, KeptUnits>();
  readonly #lacking: LackingUnits | undefined;
  readonly #common: CommonReadings;
  /** Texts of versions, of which units of one valid time have the same. */
  readonly #versions = new WeakMap<object, string>();
  readonly #versionOf: typeof versionOf = (versions) => {
    const known = this.#versions.get(versions);
    if (known !== undefined) return known;
    const text = versionOf(versions);
    this.#versions.set(versions, text);
    return text;
  };
  readonly #turns = new ComputeTurns();
  #unopened: { readonly error: unknown } | undefined;

  constructor(run: Run, metrics: readonly Metric[], label: string | undefined) {
    this.#run = run;
    this.#common = new CommonReadings(() => run.workspace());
    this.#metrics = metrics;
    this.#label = label;
    this.#lacking = run.watching && new LackingUnits(run.watching);
  }

  /** Names, held back until climatologies and references are open: a unit must know its cost before it asks for bytes. */
  whenReady<T>(refs: Observable<T>): Observable<T> {
    const fields = this.#metrics.flatMap(({ needs }) => needs.climatologies ?? []);
    const others = distinctReferences(this.#metrics).flatMap(({ source }) => source ?? []);
    if (fields.length === 0 && others.length === 0) return refs;
    const opening = this.#openBeside([
      ...fields.map(({ source, variable }) => ({ source, variables: [variable] })),
      ...others.map((source) => ({ source, variables: variablesOf(this.#metrics) })),
    ]);
    this.#run.turns?.after(opening);
    return refs.pipe(heldUntil(opening, (asks) => this.#run.budget.announce(asks)));
  }

  async #openBeside(
    wanted: readonly { readonly source: Source; readonly variables: readonly string[] }[],
  ): Promise<void> {
    for (const { source, variables } of wanted) {
      try {
        await (await this.#run.open(source)).check(variables);
      } catch (error) {
        // Thrown where a set is planned, so that the failure names its case.
        this.#unopened ??= { error };
      }
    }
  }

  /**
   * Names with what they belong to, without those that are done elsewhere, that an earlier run has finished, or of which
   * nothing is wanted.
   */
  toBeDone(refs: Observable<PairRef>): Observable<Arrival> {
    return refs.pipe(
      map((ref) => this.#arrive(ref)),
      mergeMap((arrival) => {
        if (arrival === undefined) return EMPTY;
        const kept = this.#kept.get(arrival.plan);
        const isKept = kept !== undefined && (kept.ready !== undefined || !kept.isEmpty);
        // What no target has is not read: it is observed by whoever has the whole case, and by nobody else.
        const isRead = arrival.ref.targets.length > 0;
        if (!isKept || !isRead || this.#run.planning) return of(arrival);
        this.#run.budget.announce(1);
        return from(this.#reuse(arrival, kept)).pipe(
          finalize(() => this.#run.budget.announce(-1)),
          mergeMap((isReused) => (isReused ? EMPTY : of(arrival))),
        );
      }),
    );
  }

  #arrive(ref: PairRef): Arrival | undefined {
    const plan = this.#plan(ref.set);
    const number = plan && this.#sites.get(plan)?.number(ref);
    return plan === undefined || number === undefined ? undefined : { ref, plan, number };
  }

  /** Takes over what is kept of all units of a ref, if nothing has changed; true: it is done. */
  async #reuse({ ref, plan, number }: Arrival, kept: KeptUnits): Promise<boolean> {
    const { signal } = this.#run;
    await kept.ready;
    if (kept.isEmpty) return false;
    const targets = this.#targetsOf(plan, ref);
    const found = await kept.unchanged(ref, targets, signal).catch(() => undefined);
    if (found === undefined || found.size === 0) return false;
    if (!this.#sites.get(plan)!.begin(number)) return true;
    this.#await(plan, ref);
    for (const [target, inputs] of found) {
      if (this.#lacking?.counts(target, ref, inputs.lacks) === false) continue;
      const tally = this.#tallies.get(target)!;
      tally.seen += 1;
      tally.read(ref, inputs);
      kept.reuse(target, ref);
    }
    this.#run.count(ref.set.event, { done: 1 });
    return true;
  }

  /** Targets that take part in a unit. */
  #targetsOf({ set, targets }: SetPlan, ref: PairRef): readonly TargetPlan[] {
    return targets.filter(
      (target) => this.#wanted(target) && (set.unmatched || ref.targets.includes(target.source.name)),
    );
  }

  /**
   * The unit of a name, or its parts where it is above what a unit may hold; none where nothing of it is wanted (any
   * more). A target of which even the smallest part is too large has failed.
   */
  units({ ref, plan, number }: Arrival): readonly Unit[] {
    const wanted = (target: TargetPlan) => this.#wanted(target);
    if (!plan.targets.some(wanted)) return [];
    if (ref.targets.length === 0 && !this.#run.planning) {
      if (!plan.set.unmatched) {
        if (!this.#sites.get(plan)!.begin(number)) return [];
        this.#await(plan, ref);
        this.#run.count(ref.set.event, { done: 1 });
      } else if (this.#sites.get(plan)!.isOwn) this.#observeUnmatched(ref, plan);
      return [];
    }
    const { most } = this.#run.budget;
    const { parts, refused } = this.#cutters
      .get(plan)!
      .cut(ref, { comfortable: most * comfort, most }, wanted);
    for (const { target, error } of refused) {
      this.#tallies.get(target)!.failed = Number.POSITIVE_INFINITY;
      this.#run.fail(failureOf(error, "open", { set: plan.set, target: target.source.name }));
    }
    if (parts.length === 0) return [];
    const joined = new Joined(this.#metrics, parts);
    return parts.map((part) => ({ ref, site: plan, part, joined, number }));
  }

  /** Where inputs still arrive, a target without the valid time is waited for. */
  #await({ set, targets }: SetPlan, ref: PairRef): void {
    if (this.#lacking === undefined || set.unmatched) return;
    for (const target of targets) {
      if (ref.targets.includes(target.source.name)) continue;
      this.#lacking.lacksTime(target, ref);
    }
  }

  #mayBeHalfWritten({ target, error, side }: Extract<Seen, { error: unknown }>, ref: PairRef): boolean {
    if (this.#lacking === undefined || side === undefined || side === "beside") return false;
    return isEwbError(error, "Codec") && this.#lacking.waits(target, ref, side);
  }

  /** There is nothing to read, so nothing to wait for. */
  #observeUnmatched(ref: PairRef, plan: SetPlan): void {
    const wanted = (target: TargetPlan) => this.#wanted(target);
    const missing = (target: TargetPlan) => this.#missingOf(target);
    this.#take(observeUnmatched(plan, ref, this.#metrics, wanted, missing), plan, ref);
    this.#run.count(ref.set.event, { done: 1 });
  }

  /** As many missing values as a target has places: made once, and charged. */
  #missingOf(target: TargetPlan): Values {
    const made = this.#missing.get(target) ?? new Float64Array(target.size).fill(Number.NaN);
    if (!this.#missing.has(target)) {
      this.#missing.set(target, made);
      this.#run.budget.keep(made.byteLength);
    }
    return made;
  }

  /** Whether a unit is still to be done here: its ref may have been given away while it waited. */
  begin({ site, number, ref, joined }: Unit): boolean {
    if (!this.#sites.get(site)!.begin(number)) return false;
    if (joined.begin()) this.#await(site, ref);
    return true;
  }

  /** No more refs come. */
  whole(): void {
    for (const site of this.#sites.values()) site.whole();
  }

  /**
   * Reads units at once, and takes what is seen of them. Their arrays are given back when everything that they began is
   * over, however it ends. Rejects when it is aborted.
   */
  async observe(units: readonly Unit[], signal: AbortSignal): Promise<void> {
    const memory = this.#run.workspace();
    const common = this.#common.unit();
    const { stages, measure } = this.#run;
    const tellFilled = this.#lacking !== undefined;
    const options = { signal, memory, common, stages, tellFilled, ...(measure ? { measure } : {}) };
    signal.addEventListener("abort", common.free);
    const observed = await Promise.allSettled(units.map((unit) => this.#observe(unit, options)));
    memory.free();
    common.free();
    for (const one of observed) if (one.status === "rejected") throw one.reason;
  }

  async #observe({ ref, site, part, joined }: Unit, options: UnitOptions): Promise<void> {
    const { plan, of } = part;
    const wanted = (target: TargetPlan) => this.#wanted(of ?? target);
    const turn = () => this.#turns.next(plan.targets.reduce((sum, { size }) => sum + size, 0));
    const seen = await observeUnit(plan, ref, this.#metrics, wanted, turn, options);
    // Who gave it up has given all bytes of states back.
    options.signal.throwIfAborted();
    this.#take(joined.add(part, seen), site, ref);
    if (joined.over()) this.#run.count(ref.set.event, { done: 1 });
  }

  /** Takes what the targets say of a unit that is whole. */
  #take(seen: readonly Seen[], plan: SetPlan, ref: PairRef): void {
    for (const one of seen) {
      const tally = this.#tallies.get(one.target)!;
      tally.seen += 1;
      if ("error" in one) {
        if (this.#mayBeHalfWritten(one, ref)) {
          tally.seen -= 1;
          continue;
        }
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
      const inputs = inputsOf(one.versions, one.filled, this.#versionOf);
      if (this.#lacking?.counts(one.target, ref, inputs.lacks) === false) {
        tally.seen -= 1;
        continue;
      }
      try {
        const kept = ref.targets.length > 0 ? this.#kept.get(plan) : undefined;
        if (kept === undefined) tally.add(one.states);
        else kept.record(one.target, ref, inputs, one.states);
        tally.read(ref, inputs);
      } catch (error) {
        tally.failed = Number.POSITIVE_INFINITY;
        this.#run.fail(failureOf(error, "compute", { set: plan.set, target: one.target.source.name }));
      }
      this.#taken += 1;
      if (this.#taken % lookedAt === 0) this.#grown += lookedAt * stateBytes(one.states);
      if (this.#taken >= this.#weighAt || this.#grown > Math.max(unweighed, this.#stateBytes / 4))
        this.#weigh();
    }
  }

  /** The rows of all targets that are whole, once what others did of them is there. */
  async finish(): Promise<readonly Row[]> {
    const { sharing } = this.#run;
    const rows: Row[] = [];
    for (const offered of this.#offers) offered();
    for (const [plan, site] of this.#sites) {
      await this.#takeOver(plan);
      this.#weigh();
      if (sharing?.deliver !== undefined) {
        sharing.deliver(site.key, this.#partOf(plan, site));
        continue;
      }
      await this.#join(plan, site);
      this.#weigh();
      for (const target of plan.targets) {
        const waits = this.#lacking?.event(target, plan.set);
        if (waits !== undefined) this.#run.emit(waits);
      }
      if (this.#run.isCutShort(plan.set)) continue;
      for (const target of plan.targets) rows.push(...this.#finishTarget(plan, target));
    }
    return rows;
  }

  /** Gives the bytes of the states back. */
  free(): void {
    for (const over of this.#expected.splice(0)) over?.();
    for (const offered of this.#offers) offered();
    for (const { byteLength } of this.#missing.values()) this.#run.budget.keep(-byteLength);
    this.#missing.clear();
    this.#run.budget.keep(-this.#stateBytes);
    this.#stateBytes = 0;
  }

  #weigh(): void {
    this.#weighAt = Math.max(this.#taken * weighedAgain, weighedFirst);
    this.#grown = 0;
    let bytes = 0;
    for (const tally of this.#tallies.values()) bytes += tally.bytes;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    bytes = Math.ceil(bytes);
    this.#run.budget.keep(bytes - this.#stateBytes);
    this.#stateBytes = bytes;
  }

  #partOf(plan: SetPlan, site: Site): Part {
    const tallies = plan.targets.map((target) => ({
      ...this.#tallies.get(target)!.part(target.source.name),
      ...(this.#lacking === undefined ? {} : { open: this.#lacking.part(target) }),
    }));
    return { names: namesOf(plan, site), tallies, cut: this.#run.isCutShort(plan.set) };
  }

  /** Adds the states of what an earlier run has finished. */
  async #takeOver(plan: SetPlan): Promise<void> {
    const kept = this.#kept.get(plan);
    for (const target of kept === undefined ? [] : plan.targets) {
      const tally = this.#tallies.get(target)!;
      let stage: "compute" | "read" = "compute";
      try {
        kept!.end(target);
        stage = "read";
        await kept!.takeOver(target);
      } catch (error) {
        tally.failed = Number.POSITIVE_INFINITY;
        this.#run.fail(failureOf(error, stage, { set: plan.set, target: target.source.name }));
      }
    }
  }

  /** Adds what others found of the refs that were given away. */
  async #join(plan: SetPlan, site: Site): Promise<void> {
    try {
      for (const part of (await this.#run.sharing?.parts(site.key)) ?? []) {
        if (part.cut) this.#run.cutShort(plan.set);
        if (!this.#run.isCutShort(plan.set)) checkNames(namesOf(plan, site), part.names);
        for (const found of part.tallies) {
          const target = plan.targets.find(({ source }) => source.name === found.target);
          if (target === undefined) continue;
          this.#tallies.get(target)!.join(found);
          if (found.open !== undefined) this.#lacking?.join(target, found.open);
        }
      }
    } catch (error) {
      this.#refuse(plan, error);
    }
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
        rowsOf(metric, metric.finish(tally.state(i)), {
          plan,
          target,
          label: this.#label,
          status: (row) =>
            tally.failed > 0
              ? "partial"
              : (this.#lacking?.status(target, plan.set, metric, row) ?? "complete"),
          version: this.#run.version,
          forecastVersion: tally.version("forecast"),
          targetVersion: tally.version("target"),
        }),
      );
    } catch (error) {
      this.#run.fail(failureOf(error, "compute", { set: plan.set, target: target.source.name }));
      return [];
    }
  }

  /** Finds out which refs of a set are done here, and offers to give some away. */
  #share(plan: SetPlan, key: string): void {
    const { sharing } = this.#run;
    const range = sharing === undefined ? allRefs : sharing.range(key);
    if (range === undefined) return;
    const site = new Site(key, range);
    this.#sites.set(plan, site);
    if (sharing !== undefined) this.#offers.push(sharing.offer(key, site.give));
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
    const key = JSON.stringify([names, ids, this.#label ?? null]);
    this.#run.site(set.event, key);
    let plan: SetPlan | undefined;
    try {
      if (this.#unopened !== undefined) throw this.#unopened.error;
      this.#refuseUnknown(set);
      plan = planSet(this.#run, set, this.#metrics);
      for (const target of plan.targets) {
        this.#tallies.set(target, new Tally(this.#metrics));
      }
      this.#cutters.set(plan, new UnitCutter(plan));
      this.#expected.push(this.#run.budget.expect?.(farClimatologies(plan)));
      this.#share(plan, key);
      const { finished } = this.#run;
      if (finished !== undefined) {
        const site = finished.site(siteText(set, key, plan));
        this.#kept.set(
          plan,
          new KeptUnits(plan, site, this.#metrics, (target, states) =>
            this.#tallies.get(target)!.addMerged(states),
          ),
        );
      }
    } catch (error) {
      this.#run.fail(failureOf(error, "open", { set }));
    }
    this.#plans.set(set, plan);
    return plan;
  }
}
