/**
 * Units of one set of pairs that an earlier run has finished. One whose inputs have the same versions now is not read
 * again: it counts, and its states are taken from what is kept when all units are known. Of many units that are recorded
 * the merge is kept, too, so that after a kill few states are merged one by one; the run itself goes on with that merge.
 */
import { hashText } from "../../kernels/hash.ts";
import { versionOf } from "../../kernels/versionOf.ts";
import type { FinishedSite, KeptUnit, UnitInputs, UnitName } from "../../model/finished.ts";
import type { Metric } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import { type SetPlan, type TargetPlan, type UnitRead, unitReads } from "./setPlan.ts";
import type { SideChunks, SideVersions } from "./unit.ts";
import { isFull, UnitBundle } from "./unitBundle.ts";

/**
 * What a unit was made of, from the versions of the chunks read. A chunk without any value counts as lacking where it is
 * known which have one, and a forecast lacks what it is measured against.
 *
 * @param textOf `versionOf`, or what knows the texts of versions that units have in common: of target and beside
 */
export const inputsOf = (
  { forecast, target, beside }: SideVersions,
  filled?: SideChunks,
  textOf: typeof versionOf = versionOf,
): UnitInputs => ({
  forecast: versionOf(forecast),
  target: textOf(target),
  beside: textOf(beside),
  lacks: {
    forecast: lacks(forecast, filled?.forecast) || lacks(beside),
    target: lacks(target, filled?.target),
  },
});

/** Bytes of the states of one unit that are kept at most. */
const largest = 1e6;

/** Whether any of the chunks was not there, or nothing in it. */
const lacks = (versions: ReadonlyMap<string, string>, filled?: ReadonlySet<string>): boolean => {
  for (const [chunk, version] of versions)
    if (version === "absent" || (filled !== undefined && !filled.has(chunk))) return true;
  return false;
};

/** Takes states of a target, one a metric. */
type Take = (target: TargetPlan, states: readonly unknown[]) => void;

export class KeptUnits {
  /** The plan of the set for each target alone. */
  readonly #plans: ReadonlyMap<TargetPlan, SetPlan>;
  readonly #site: FinishedSite;
  readonly #metrics: readonly Metric[];
  readonly #take: Take;
  readonly #reused = new Map<TargetPlan, UnitName[]>();
  /** Of what is recorded. */
  readonly #bundles = new Map<TargetPlan, UnitBundle>();

  /** @param take is given the states of what was recorded or taken over, merged in parts */
  constructor(plan: SetPlan, site: FinishedSite, metrics: readonly Metric[], take: Take) {
    this.#plans = new Map(plan.targets.map((target) => [target, { ...plan, targets: [target] }]));
    this.#site = site;
    this.#metrics = metrics;
    this.#take = take;
  }

  /** Bytes of states that are held until they are kept merged, about. */
  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#bundles.values()) sum += bytes;
    return sum;
  }

  /** Resolves when it is known what is kept; undefined: it is. */
  get ready(): Promise<void> | undefined {
    return this.#site.ready;
  }

  get isEmpty(): boolean {
    return this.#site.size === 0;
  }

  /** What the units of a ref were made of, if all of them are kept and nothing has changed since. */
  async unchanged(
    ref: PairRef,
    targets: readonly TargetPlan[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<TargetPlan, UnitInputs> | undefined> {
    const found = new Map<TargetPlan, UnitInputs>();
    for (const target of targets) {
      const inputs = this.#site.find(nameOf(target, ref));
      if (inputs === undefined) return undefined;
      found.set(target, inputs);
    }
    for (const [target, then] of found) {
      const now = await this.#inputsNow(ref, target, signal);
      if (now === undefined || !isSame(then, now)) return undefined;
    }
    return found;
  }

  reuse(target: TargetPlan, ref: PairRef): void {
    const units = this.#reused.get(target) ?? [];
    units.push(nameOf(target, ref));
    this.#reused.set(target, units);
  }

  /** Keeps a unit; its states are taken with those of others. Throws what `merge` throws. */
  record(target: TargetPlan, ref: PairRef, inputs: UnitInputs, states: readonly unknown[]): void {
    const bundle = this.#bundles.get(target) ?? new UnitBundle(this.#metrics);
    const bytes = bundle.bytesOf(states);
    // What costs more to keep than to compute is not kept.
    if (bytes > largest) {
      this.#take(target, states);
      return;
    }
    const beside = besideOf(unitReads(this.#plans.get(target)!, ref), inputs.beside);
    const unit = { ...nameOf(target, ref), inputs: { ...inputs, beside } };
    // One that cannot take a state has taken a part of it.
    this.#bundles.delete(target);
    bundle.add([unit], states, bytes);
    this.#bundles.set(target, bundle);
    this.#site.record(unit, unit.inputs, states);
    if (bundle.isFull) this.end(target);
  }

  /** Takes what was reused of a target. Rejects with what `merge` throws, and where states cannot be read. */
  async takeOver(target: TargetPlan): Promise<void> {
    const units = this.#reused.get(target) ?? [];
    if (units.length === 0) return;
    let bundle = new UnitBundle(this.#metrics);
    for await (const { units: which, states, bytes } of this.#site.parts(units)) {
      if (isFull(which.length, bytes)) this.#take(target, states);
      else
        bundle.add(
          Array.from(which, (i): KeptUnit => ({ ...units[i]!, inputs: this.#site.find(units[i]!)! })),
          states,
          bytes,
        );
      if (!bundle.isFull) continue;
      this.#take(target, bundle.keep(this.#site));
      bundle = new UnitBundle(this.#metrics);
    }
    if (!bundle.isEmpty) this.#take(target, bundle.keep(this.#site));
  }

  /** No more of a target is recorded. Throws what `merge` throws. */
  end(target: TargetPlan): void {
    const bundle = this.#bundles.get(target);
    if (bundle === undefined) return;
    this.#bundles.delete(target);
    this.#take(target, bundle.keep(this.#site));
  }

  /** Undefined where a source cannot tell versions without reading. */
  async #inputsNow(ref: PairRef, target: TargetPlan, signal: AbortSignal): Promise<Versions | undefined> {
    const sides = { forecast: new Map(), target: new Map(), beside: new Map() };
    const plan = this.#plans.get(target)!;
    const reads = unitReads(plan, ref);
    const whole = () => {
      const versions = versionsOf(sides);
      return { ...versions, beside: besideOf(reads, versions.beside) };
    };
    if (!ref.targets.includes(target.source.name)) return whole();
    if (target.values.kind === "points") sides.target = new Map(target.values.selection.versions);
    for (const read of reads) {
      const versions = await presenceOf(read, signal);
      if (versions === undefined) return undefined;
      const side = sides[sideOf(read, plan)];
      for (const [chunk, version] of versions) side.set(chunk, version);
    }
    return whole();
  }
}

const sideOf = ({ opened, beside }: UnitRead, { forecast }: SetPlan): keyof SideVersions => {
  if (beside === true) return "beside";
  return opened === forecast ? "forecast" : "target";
};

/** With what values rest on beside chunks: grids, and how variables are stored. */
const besideOf = (reads: Iterable<UnitRead>, versions: string): string => {
  const texts: string[] = [];
  for (const { opened, variables, slot } of reads) texts.push(opened.identity?.(variables, slot) ?? "");
  return hashText(`${versions} ${texts.join(" ")}`);
};

type Versions = Pick<UnitInputs, keyof SideVersions>;

const versionsOf = ({ forecast, target, beside }: SideVersions): Versions => ({
  forecast: versionOf(forecast),
  target: versionOf(target),
  beside: versionOf(beside),
});

const isSame = (a: Versions, b: Versions): boolean =>
  a.forecast === b.forecast && a.target === b.target && a.beside === b.beside;

const presenceOf = ({ opened, slot, variables, window }: UnitRead, signal: AbortSignal) =>
  opened.presence?.(slot, variables, window, { signal });

const nameOf = ({ source }: TargetPlan, { initTime, leadHours }: PairRef): UnitName => ({
  target: source.name,
  initTime,
  leadHours,
});
