/**
 * Small units of one set ask for their bytes together: what surrounds one of them, an ask, a subscription, promises, costs
 * more than its numbers. A unit joins the last one that still waits; when there are bytes, all are read at once, observed
 * one by one, and give them back together. So none waits for others where bytes are there, and where they are not fewer
 * asks wait.
 */
import type { Asker, Budget } from "../../model/budget.ts";
import { type Cost, wholeCost } from "../../model/chunk.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Unit } from "./scoring.ts";

/** What may ask together: units, bytes, and the share of what one unit may hold that these may be. */
const most = { units: 4, bytes: 16e6, share: 1 / 32 };

export interface Load {
  readonly units: readonly Unit[];
  /** Of the first unit. */
  readonly cost: Cost;
  readonly asker: Asker;
}

export class Loads {
  readonly #budget: Budget;
  #last: (Named & { readonly units: Unit[]; bytes: number }) | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** What is to ask for bytes anew: the units that join no other. */
  of(units: readonly Unit[]): readonly Load[] {
    return units.flatMap((unit) => (this.#joins(unit) ? [] : [this.#begin(unit)]));
  }

  #joins(unit: Unit): boolean {
    const last = this.#last;
    if (last === undefined || last.units.length === most.units) return false;
    const { site, part } = unit;
    if (last.units[0]!.site !== site) return false;
    const { cost } = part;
    const bytes = last.bytes + wholeCost(cost);
    if (bytes > Math.min(most.bytes, this.#budget.most * most.share)) return false;
    if (!this.#budget.join(last.asker, cost)) return false;
    last.units.push(unit);
    last.joined();
    last.bytes = bytes;
    return true;
  }

  #begin(unit: Unit): Load {
    const units = [unit];
    const { cost } = unit.part;
    const named = nameOf(unit.ref);
    this.#last = { units, ...named, bytes: wholeCost(cost) };
    return { units, cost, asker: named.asker };
  }
}

interface Named {
  readonly asker: Asker;
  /** Another unit asks with it. */
  joined(): void;
}

/** What units are called in messages. It outlives them, and holds nothing of them. */
const nameOf = ({ set, initTime, leadHours }: PairRef): Named => {
  let others = 0;
  const asker = {
    case_id: set.event.id,
    forecast: set.forecast.name,
    get key() {
      const first = `init ${new Date(initTime).toISOString().slice(0, 16)}Z + ${leadHours} h`;
      return others === 0 ? first : `${first} and ${others} more`;
    },
  };
  return {
    asker,
    joined() {
      others += 1;
    },
  };
};
