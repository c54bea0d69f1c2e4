import type { Values } from "../../model/field.ts";
import { type EnsemblesModule, ensemblesModule } from "./ensemblesModule.ts";
import { memberTiles } from "./memberTiles.ts";

/** How many members there are at each place, and how many of them lie below and on a number. */
export interface MemberRanks {
  readonly present: Float64Array;
  readonly below: Float64Array;
  readonly equal: Float64Array;
}

/** Ranks among the members of the target, place by place, or of one threshold; none lies below or on a missing one. */
export const memberRanks = (members: readonly Values[], against: Values | number): MemberRanks =>
  ensemblesModule === undefined
    ? scalarMemberRanks(members, against)
    : simdMemberRanks(ensemblesModule, members, against);

export const simdMemberRanks = (
  module: EnsemblesModule,
  members: readonly Values[],
  against: Values | number,
): MemberRanks => {
  const ranks = blank(members);
  memberTiles(
    module,
    members,
    [against],
    [ranks.present, ranks.below, ranks.equal],
    (run, places, numbers, present, below, equal) => run.ranks(...places, numbers!, present!, below!, equal!),
  );
  return ranks;
};

export const scalarMemberRanks = (members: readonly Values[], against: Values | number): MemberRanks => {
  const ranks = blank(members);
  const { present, below, equal } = ranks;
  for (const member of members) {
    for (let i = 0; i < present.length; i++) {
      const value = member[i]!;
      const number = typeof against === "number" ? against : against[i]!;
      if (!Number.isNaN(value)) present[i]! += 1;
      if (value < number) below[i]! += 1;
      else if (value === number) equal[i]! += 1;
    }
  }
  return ranks;
};

const blank = (members: readonly Values[]): MemberRanks => {
  const size = members[0]?.length ?? 0;
  return {
    present: new Float64Array(size),
    below: new Float64Array(size),
    equal: new Float64Array(size),
  };
};
