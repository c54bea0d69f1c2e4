/**
 * Units of one set of pairs that an earlier run has finished. One whose inputs have the same versions now is not read
 * again: it counts, and its states are taken from what is kept when all units are known.
 */
import { hashText } from "../../kernels/hash.ts";
import { versionOf } from "../../kernels/versionOf.ts";
import type { FinishedSite, Merge, UnitInputs, UnitName } from "../../model/finished.ts";
import type { PairRef } from "../../model/pair.ts";
import { type SetPlan, type TargetPlan, type UnitRead, unitReads } from "./setPlan.ts";
import { stateBytes } from "./stateBytes.ts";
import type { SideVersions } from "./unit.ts";

/**
 * What a unit was made of, from the versions of the chunks read. A forecast without any value counts as lacking, and so
 * does one without something it is measured against.
 */
export const inputsOf = ({ forecast, target, beside }: SideVersions, isBlank = false): UnitInputs => ({
  forecast: versionOf(forecast),
  target: versionOf(target),
  beside: versionOf(beside),
  lacks: { forecast: isBlank || lacks(forecast) || lacks(beside), target: lacks(target) },
});

/** Bytes of the states of one unit that are kept at most. */
const largest = 1e6;

/** Whether any of the chunks was not there. */
const lacks = (versions: ReadonlyMap<string, string>): boolean => {
  for (const version of versions.values()) if (version === "absent") return true;
  return false;
};

export class KeptUnits {
  readonly #plan: SetPlan;
  readonly #site: FinishedSite;
  readonly #reused = new Map<TargetPlan, UnitName[]>();

  constructor(plan: SetPlan, site: FinishedSite) {
    this.#plan = plan;
    this.#site = site;
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

  record(target: TargetPlan, ref: PairRef, inputs: UnitInputs, states: readonly unknown[]): void {
    // What costs more to keep than to compute is not kept.
    if (states.reduce<number>((sum, state) => sum + stateBytes(state), 0) > largest) return;
    const beside = this.#besideOf(target, ref, inputs.beside);
    this.#site.record(nameOf(target, ref), { ...inputs, beside }, states);
  }

  /** The states of all units of a target that were taken over; undefined: there are none. */
  async merged(target: TargetPlan, merge: Merge): Promise<readonly unknown[] | undefined> {
    const units = this.#reused.get(target);
    return units && this.#site.merged(units, merge);
  }

  /** Undefined where a source cannot tell versions without reading. */
  async #inputsNow(ref: PairRef, target: TargetPlan, signal: AbortSignal): Promise<Versions | undefined> {
    const sides = { forecast: new Map(), target: new Map(), beside: new Map() };
    const whole = () => {
      const versions = versionsOf(sides);
      return { ...versions, beside: this.#besideOf(target, ref, versions.beside) };
    };
    if (!ref.targets.includes(target.source.name)) return whole();
    if (target.values.kind === "points") sides.target = new Map(target.values.selection.versions);
    for (const read of unitReads({ ...this.#plan, targets: [target] }, ref)) {
      const versions = await presenceOf(read, signal);
      if (versions === undefined) return undefined;
      const side = sides[this.#sideOf(read)];
      for (const [chunk, version] of versions) side.set(chunk, version);
    }
    return whole();
  }

  /** With what values rest on beside chunks: grids, and how variables are stored. */
  #besideOf(target: TargetPlan, ref: PairRef, versions: string): string {
    const reads = [...unitReads({ ...this.#plan, targets: [target] }, ref)];
    const texts = reads.map(({ opened, variables, slot }) => opened.identity?.(variables, slot) ?? "");
    return hashText(`${versions} ${texts.join(" ")}`);
  }

  #sideOf({ opened, beside }: UnitRead): keyof SideVersions {
    if (beside === true) return "beside";
    return opened === this.#plan.forecast ? "forecast" : "target";
  }
}

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
