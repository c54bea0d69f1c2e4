/**
 * A unit that is above what it may hold is cut: a part for each target, and each target in bands of consecutive leaves
 * (rows of a grid, blocks of points), as coarse as fit, which end where fewest store chunks are shared with the next.
 * Each part asks the budget for itself; `Joined` merges their states. Rows are the same to the bit whatever the cut.
 */
import { type ChunkCost, type Cost, wholeCost } from "../../model/chunk.ts";
import type { EwbError } from "../../model/errors.ts";
import type { PairRef } from "../../model/pair.ts";
import { bandsOf, type TargetBands, uncut } from "./bands.ts";
import { type SetPlan, type TargetPlan, unitCost } from "./setPlan.ts";
import { tooLarge } from "./tooLarge.ts";
import type { Wanted } from "./unit.ts";

export interface UnitPart {
  /** The whole plan, or one target with narrower windows. */
  readonly plan: SetPlan;
  readonly cost: Cost;
  /** The target of the whole plan it is a part of; undefined: the unit is whole. */
  readonly of: TargetPlan | undefined;
}

/** Bytes a part should hold at most, and bytes one unit may hold at most. */
export interface CutLimits {
  readonly comfortable: number;
  readonly most: number;
}

export interface CutUnit {
  readonly parts: readonly UnitPart[];
  /** Targets of which even the smallest part is above `most`. */
  readonly refused: readonly { readonly target: TargetPlan; readonly error: EwbError }[];
}

/** Plans of the bands of one target, and what they were made for. */
interface Made {
  readonly plans: readonly SetPlan[];
  readonly limits: CutLimits;
}

/** Cuts the units of one set. Bands are chosen once, and again only where they do not fit a ref or the limits move. */
export class UnitCutter {
  readonly #plan: SetPlan;
  readonly #bands = new Map<TargetPlan, TargetBands>();
  readonly #made = new Map<TargetPlan, Made>();

  constructor(plan: SetPlan) {
    this.#plan = plan;
  }

  /** @param wanted targets that take part; the others are left out of a unit that is cut */
  cut(ref: PairRef, limits: CutLimits, wanted: Wanted): CutUnit {
    const { set, targets } = this.#plan;
    const cost = unitCost(this.#plan, ref);
    const whole = { parts: [{ plan: this.#plan, cost, of: undefined }], refused: [] };
    if (wholeCost(cost) <= Math.min(limits.comfortable, limits.most)) return whole;
    const parts: UnitPart[] = [];
    const refused: { target: TargetPlan; error: EwbError }[] = [];
    for (const target of targets) {
      if (!wanted(target) || !(set.unmatched || ref.targets.includes(target.source.name))) continue;
      const cut = this.#cutTarget(target, ref, limits);
      if ("error" in cut) refused.push({ target, error: cut.error });
      else parts.push(...cut.parts);
    }
    // What fits as it is, if not comfortably, is not cut where that would read much of it twice.
    const again = bytesOnce(parts.map((part) => part.cost)) > worthReading * bytesOnce([cost]);
    return again && wholeCost(cost) <= limits.most ? whole : { parts, refused };
  }

  #cutTarget(target: TargetPlan, ref: PairRef, limits: CutLimits) {
    const made = this.#made.get(target);
    const isSame = made?.limits.comfortable === limits.comfortable && made.limits.most === limits.most;
    if (made !== undefined && isSame) {
      const parts = partsOf(made.plans, target, ref);
      if (parts.every(({ cost }) => wholeCost(cost) <= limits.most)) return { parts };
    }
    const bands = this.#bands.get(target) ?? bandsOf(this.#plan, target);
    this.#bands.set(target, bands);
    const plans = choose(bands, ref, limits);
    const parts = partsOf(plans, target, ref);
    const worst = parts.find(({ cost }) => wholeCost(cost) > limits.most);
    if (worst !== undefined) {
      const why = bands.leaves > 1 ? undefined : uncut(this.#plan, target);
      return { error: tooLarge(worst.plan, ref, worst.cost, limits.most, why) };
    }
    // A ref without the target costs less than the others.
    if (ref.targets.includes(target.source.name)) this.#made.set(target, { plans, limits });
    return { parts };
  }
}

/** How much more may be read where a unit that fits is cut. */
const worthReading = 1.15;

/** Bytes of all chunks, and parts of chunks, each once. */
const bytesOnce = (costs: readonly Cost[]): number => {
  const sizes = new Map<string, number>();
  for (const { chunks } of costs) for (const { id, bytes } of chunks) sizes.set(id, bytes);
  let sum = 0;
  for (const bytes of sizes.values()) sum += bytes;
  return sum;
};

const partsOf = (plans: readonly SetPlan[], of: TargetPlan, ref: PairRef): UnitPart[] =>
  plans.map((plan) => ({ plan, cost: unitCost(plan, ref), of }));

/** The fewest bands that fit, from the first leaf on; a single leaf that is above `most` is a band as well. */
const choose = (bands: TargetBands, ref: PairRef, { comfortable, most }: CutLimits): SetPlan[] => {
  const needs = (start: number, stop: number) => wholeCost(unitCost(bands.plan({ start, stop }), ref));
  const plans: SetPlan[] = [];
  for (let start = 0; start < bands.leaves; ) {
    // Where one leaf is above what is comfortable, fewer leaves do not help.
    const limit = Math.min(most, needs(start, start + 1) <= comfortable ? comfortable : most);
    let stop = start + 1;
    for (let beyond = bands.leaves + 1; beyond - stop > 1; ) {
      const middle = (stop + beyond) >> 1;
      if (needs(start, middle) <= limit) stop = middle;
      else beyond = middle;
    }
    if (stop < bands.leaves) stop = border(bands, ref, start, stop);
    plans.push(bands.plan({ start, stop }));
    start = stop;
  }
  return plans;
};

/** Where in the second half of a band the fewest bytes of chunks are shared by the leaves on both sides. */
const border = (bands: TargetBands, ref: PairRef, start: number, stop: number): number => {
  const chunksOf = (leaf: number) => unitCost(bands.plan({ start: leaf, stop: leaf + 1 }), ref).chunks;
  let best = stop;
  let least = Number.POSITIVE_INFINITY;
  let after = chunksOf(stop);
  for (let at = stop; at > start && at - start > (stop - start) / 2 && least > 0; at--) {
    const before = chunksOf(at - 1);
    const shared = after.reduce((sum, chunk) => sum + sharedBytes(chunk, before), 0);
    if (shared < least) [best, least] = [at, shared];
    after = before;
  }
  return best;
};

/** Bytes of a chunk, or of a part of one, that are in the others too. */
const sharedBytes = ({ id, of, bytes }: ChunkCost, others: readonly ChunkCost[]): number => {
  let most = 0;
  for (const other of others) {
    if (other.id === id) return bytes;
    if (of === undefined || other.of?.chunk !== of.chunk) continue;
    let common = 0;
    for (const a of of.spans) {
      for (const b of other.of.spans)
        common += Math.max(0, Math.min(a.stop, b.stop) - Math.max(a.start, b.start));
    }
    const all = of.spans.reduce((sum, { start, stop }) => sum + stop - start, 0);
    most = Math.max(most, (bytes * common) / all);
  }
  return most;
};
