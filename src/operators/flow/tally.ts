/** What is known so far of one target of a set: states, how many refs were seen, failed, lacked a chunk, of which versions. */
import { type Hash, hashOf, hashOfHex, hexOf } from "../../kernels/hash.ts";
import { addHash, emptySum } from "../../kernels/hashSum.ts";
import type { UnitInputs } from "../../model/finished.ts";
import type { Metric } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import type { PartTally } from "../../model/sharing.ts";
import { Gathered } from "./gathered.ts";

const sides = ["forecast", "target"] as const;
type Side = (typeof sides)[number];

/** What tells the refs of a set apart. */
type Ref = Pick<PairRef, "initTime" | "leadHours">;

export class Tally {
  readonly #states: readonly Gathered[];
  /** Of each side the sum, over refs, of the hash of the ref and of the versions it read. */
  readonly #versions: Record<Side, Hash> = { forecast: emptySum, target: emptySum };
  readonly absent = { forecast: 0, target: 0 };
  seen = 0;
  /** Refs that failed; infinity: nothing of the target counts any more. */
  failed = 0;

  constructor(metrics: readonly Metric[]) {
    this.#states = metrics.map((metric) => new Gathered(metric));
  }

  /** Counts what one ref was made of. */
  read({ initTime, leadHours }: Ref, inputs: Pick<UnitInputs, Side | "lacks">): void {
    const ref = `${initTime} ${leadHours} `;
    for (const side of sides) {
      this.#versions[side] = addHash(this.#versions[side], hashOf(ref + inputs[side]));
      if (inputs.lacks[side]) this.absent[side] += 1;
    }
  }

  /** Adds the states of one ref, one a metric. Throws what `merge` throws. */
  add(states: readonly unknown[]): void {
    for (let i = 0; i < states.length; i++) this.#states[i]!.add(states[i]);
  }

  /** Adds states that are the merge of many. Throws what `merge` throws. */
  addMerged(states: readonly unknown[]): void {
    for (const [i, state] of states.entries()) this.#states[i]!.add(state, true);
  }

  /** Adds what was found elsewhere. */
  join(part: PartTally): void {
    this.seen += part.seen;
    this.failed += part.failed;
    this.addMerged(part.states);
    for (const side of sides) {
      this.absent[side] += part.absent[side];
      this.#versions[side] = addHash(this.#versions[side], hashOfHex(part.versions[side]));
    }
  }

  /** The state of a metric, by its number. */
  state(metric: number): unknown {
    return this.#states[metric]!.whole();
  }

  /** One text for the versions of all that was read of a side. */
  version(side: Side): string {
    return hexOf(this.#versions[side]);
  }

  part(target: string): PartTally {
    const { seen, failed, absent } = this;
    const versions = { forecast: this.version("forecast"), target: this.version("target") };
    return { target, states: this.#states.map((state) => state.whole()), seen, failed, absent, versions };
  }

  /** Bytes of states, about. */
  get bytes(): number {
    return this.#states.reduce((sum, state) => sum + state.bytes, 0);
  }
}
