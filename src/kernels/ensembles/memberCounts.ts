import type { Values } from "../../model/field.ts";

/** How many members there are at each place, and how many of them lie below and on the target. */
export interface MemberRanks {
  readonly present: Uint32Array;
  readonly below: Uint32Array;
  readonly equal: Uint32Array;
}

/** Members present at each place. */
export const presentMembers = (members: readonly Values[]): Uint32Array => {
  const present = new Uint32Array(members[0]?.length ?? 0);
  for (const member of members) {
    for (let i = 0; i < present.length; i++) if (!Number.isNaN(member[i]!)) present[i]! += 1;
  }
  return present;
};

/** Members below and on the target; meaningless where it is missing. */
export const memberRanks = (members: readonly Values[], target: Values): MemberRanks => {
  const below = new Uint32Array(target.length);
  const equal = new Uint32Array(target.length);
  for (const member of members) {
    for (let i = 0; i < target.length; i++) {
      if (member[i]! < target[i]!) below[i]! += 1;
      else if (member[i]! === target[i]!) equal[i]! += 1;
    }
  }
  return { present: presentMembers(members), below, equal };
};
