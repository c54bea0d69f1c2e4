import { type Groups, groupTotal } from "../../../kernels/ensembles/groupTotal.ts";
import { type MemberRanks, memberRanks } from "../../../kernels/ensembles/memberRanks.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { once } from "../once.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { membersOf } from "./ensemble.ts";
import { indexed } from "./groupsMetric.ts";

/** Where an observation lies among the members present: how many, how many below it, how many on it. */
export interface Rank {
  readonly present: number;
  readonly below: number;
  readonly equal: number;
}

const BASE = 65_536;

/** A rank as one number, by which groups are named, and back. */
const nameOf = (present: number, below: number, equal: number): number =>
  (present * BASE + below) * BASE + equal;

export const rankOf = (name: number): Rank => {
  const upper = Math.floor(name / BASE);
  return {
    present: Math.floor(upper / BASE),
    below: upper % BASE,
    equal: name % BASE,
  };
};

/**
 * How often each rank occurs, weighted, once a pair for all histograms; `all`: only where every member is present. There
 * is a group, empty, for the number of members even where nothing is present.
 */
export const rankGroups = (pair: Pair, variable: string, all: boolean, weights: Weights): Groups =>
  once(ranked, pair, variable, all, weights);

const ranksOf = ({ forecast, target }: Pair, variable: string): MemberRanks =>
  memberRanks(membersOf(forecast[variable]!), target[variable]!.values);

const ranked = (pair: Pair, variable: string, all: boolean, weights: Weights): Groups => {
  const { present, below, equal } = once(ranksOf, pair, variable);
  const { values } = pair.target[variable]!;
  const members = membersOf(pair.forecast[variable]!).length;
  const least = all ? members : 1;
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < ranks.length; i++) {
    ranks[i] =
      Number.isNaN(values[i]!) || present[i]! < least
        ? Number.NaN
        : nameOf(present[i]!, below[i]!, equal[i]!);
  }
  const { indices, names } = indexed(ranks);
  const groups = groupTotal(indices, names, [], weighedLeaves(pair.places, weights));
  const none = nameOf(members, 0, 0);
  return groups.has(none) ? groups : new Map(groups).set(none, { n: 0, weight: [], sums: [] });
};
