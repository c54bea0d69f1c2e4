/** What is known so far of one target of a set: states, how many refs were seen, failed, lacked a chunk, of which versions. */
import { hashText } from "../../kernels/hash.ts";
import type { Metric } from "../../model/metric.ts";
import type { PartTally } from "../../model/sharing.ts";
import { Gathered } from "./gathered.ts";
import type { SideVersions } from "./unit.ts";

const sides = ["forecast", "target"] as const;
type Side = (typeof sides)[number];

export class Tally {
  readonly #states: readonly Gathered[];
  readonly #versions: Readonly<Record<Side, Set<string>>> = { forecast: new Set(), target: new Set() };
  readonly absent = { forecast: 0, target: 0 };
  seen = 0;
  /** Refs that failed; infinity: nothing of the target counts any more. */
  failed = 0;

  constructor(metrics: readonly Metric[]) {
    this.#states = metrics.map((metric) => new Gathered(metric));
  }

  /** Adds the states of one ref. Throws what `merge` throws. */
  add(states: readonly unknown[], versions: SideVersions): void {
    for (const [i, state] of states.entries()) this.#states[i]!.add(state);
    for (const side of sides) {
      let absent = 0;
      for (const [chunk, version] of versions[side]) {
        this.#versions[side].add(hashText(`${chunk}@${version}`));
        if (version === "absent") absent = 1;
      }
      this.absent[side] += absent;
    }
  }

  /** Adds what was found elsewhere. */
  join(part: PartTally): void {
    this.seen += part.seen;
    this.failed += part.failed;
    for (const [i, state] of part.states.entries()) this.#states[i]!.add(state);
    for (const side of sides) {
      this.absent[side] += part.absent[side];
      for (const version of part.versions[side]) this.#versions[side].add(version);
    }
  }

  /** The state of a metric, by its number. */
  state(metric: number): unknown {
    return this.#states[metric]!.whole();
  }

  /** Hash of the versions of all chunks read. */
  version(side: Side): string {
    return hashText([...this.#versions[side]].sort().join("\n"));
  }

  part(target: string): PartTally {
    const { seen, failed, absent } = this;
    const versions = { forecast: [...this.#versions.forecast], target: [...this.#versions.target] };
    return { target, states: this.#states.map((state) => state.whole()), seen, failed, absent, versions };
  }

  /** Bytes of states and versions, about. */
  get bytes(): number {
    const versions = this.#versions.forecast.size + this.#versions.target.size;
    return this.#states.reduce((sum, state) => sum + state.bytes, versions * bytesPerVersion);
  }
}

const bytesPerVersion = 64;
