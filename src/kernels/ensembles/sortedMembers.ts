import type { Values } from "../../model/field.ts";
import { longest } from "../leafTotal.ts";
import { sortNumbers } from "./sortNumbers.ts";

/** The members present at each place of a leaf, ascending. */
export interface SortedLeaf {
  /** Those of place i of the leaf lie from i times the number of members on. */
  readonly values: Float64Array;
  /** How many are present at each place. */
  readonly counts: Uint32Array;
}

export interface SortedMembers {
  /** Members there are, present or not: numbers from one place to the next. */
  readonly stride: number;
  /** Valid until the next call. */
  leaf(index: number): SortedLeaf;
}

/**
 * The members of an ensemble sorted place by place, a leaf at a time: whoever takes one leaf after the other never
 * holds more than one.
 */
export const sortedMembers = (members: readonly Values[], borders: Uint32Array): SortedMembers => {
  const stride = members.length;
  const most = longest(borders);
  const sorted = { values: new Float64Array(most * stride), counts: new Uint32Array(most) };
  const room = new Float64Array(stride);
  return {
    stride,
    leaf: (index) => {
      sortLeaf(members, borders[index]!, borders[index + 1]!, sorted, room);
      return sorted;
    },
  };
};

const sortLeaf = (
  members: readonly Values[],
  start: number,
  stop: number,
  { values, counts }: SortedLeaf,
  room: Float64Array,
): void => {
  const stride = members.length;
  counts.fill(0);
  for (const member of members) {
    for (let i = start; i < stop; i++) {
      const value = member[i]!;
      if (Number.isNaN(value)) continue;
      const place = i - start;
      values[place * stride + counts[place]!] = value + 0; // one zero: -0 and 0 have no order
      counts[place]! += 1;
    }
  }
  for (let place = 0; place < stop - start; place++) {
    sortNumbers(values, place * stride, counts[place]!, room);
  }
};
