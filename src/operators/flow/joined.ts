/** The parts of one unit become one again: for each target one `Seen`, so that a ref counts once however it was cut. */
import type { Metric } from "../../model/metric.ts";
import type { UnitPart } from "./cutUnit.ts";
import { Gathered } from "./gathered.ts";
import type { TargetPlan } from "./setPlan.ts";
import type { Seen, SideChunks, SideVersions } from "./unit.ts";

/** States and versions of the parts of one target that are there; undefined: it failed or is not wanted any more. */
interface Half {
  left: number;
  readonly states: readonly Gathered[];
  readonly versions: { readonly [Side in keyof SideVersions]: Map<string, string> };
  /** By part: a chunk is filled if it is in any of them. */
  readonly filled: SideChunks[];
}

export class Joined {
  readonly #halves = new Map<TargetPlan, Half | undefined>();
  #left: number;
  #isBegun = false;

  constructor(metrics: readonly Metric[], parts: readonly UnitPart[]) {
    this.#left = parts.length;
    for (const { of } of parts) {
      if (of === undefined) continue;
      const half = this.#halves.get(of) ?? {
        left: 0,
        states: metrics.map((metric) => new Gathered(metric)),
        versions: { forecast: new Map(), target: new Map(), beside: new Map() },
        filled: [],
      };
      half.left += 1;
      this.#halves.set(of, half);
    }
  }

  /** Says that a part is begun; true: it is the first. */
  begin(): boolean {
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    return isFirst;
  }

  /** Says that a part is over, whatever became of it; true: it was the last one. */
  over(): boolean {
    this.#left -= 1;
    return this.#left === 0;
  }

  /** What is whole now: the target whose last part this is, or one that failed, the first time it does. */
  add({ of }: UnitPart, seen: readonly Seen[]): readonly Seen[] {
    if (of === undefined) return seen;
    const half = this.#halves.get(of);
    if (half === undefined) return [];
    const one = seen[0];
    if (one === undefined || "error" in one) {
      this.#halves.set(of, undefined);
      return one === undefined ? [] : [{ ...one, target: of }];
    }
    try {
      for (const [i, state] of one.states.entries()) half.states[i]!.add(state);
      if (one.filled !== undefined) half.filled.push(one.filled);
      for (const side of ["forecast", "target", "beside"] as const) {
        for (const [chunk, version] of one.versions[side]) half.versions[side].set(chunk, version);
      }
      half.left -= 1;
      if (half.left > 0) return [];
      const { versions, filled } = half;
      const states = half.states.map((all) => all.whole());
      return [{ target: of, states, versions, ...(filled.length > 0 ? { filled: inAny(filled) } : {}) }];
    } catch (error) {
      this.#halves.set(of, undefined);
      return [{ target: of, error, stage: "compute" }];
    }
  }
}

const inAny = (parts: readonly SideChunks[]): SideChunks => {
  const of = (side: keyof SideChunks) =>
    parts.some((part) => part[side] === undefined)
      ? undefined
      : new Set(parts.flatMap((part) => [...part[side]!]));
  return { forecast: of("forecast"), target: of("target") };
};
