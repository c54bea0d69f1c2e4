import type { Values } from "../../model/field.ts";
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

/** Numbers that are kept: fields above that are sorted again by each who asks (8 MiB). */
const KEPT = 1_048_576;

/**
 * The members of an ensemble sorted place by place, a leaf at a time: whoever takes one leaf after the other never
 * holds more than one. The leaves of small fields are sorted once and kept, so that several statistics share the work.
 */
export const sortedMembers = (members: readonly Values[], borders: Uint32Array): SortedMembers => {
  const stride = members.length;
  const leaves = Math.max(0, borders.length - 1);
  const room = new Float64Array(stride);
  const isKept = stride * (leaves === 0 ? 0 : borders[leaves]! - borders[0]!) <= KEPT;
  const kept: (SortedLeaf | undefined)[] = [];
  let longest = 0;
  for (let i = 0; i < leaves; i++) longest = Math.max(longest, borders[i + 1]! - borders[i]!);
  const shared = isKept ? undefined : blank(longest, stride);
  return {
    stride,
    leaf: (index) => {
      const known = kept[index];
      if (known !== undefined) return known;
      const start = borders[index]!;
      const stop = borders[index + 1]!;
      const into = shared ?? blank(stop - start, stride);
      sortLeaf(members, start, stop, into, room);
      if (isKept) kept[index] = into;
      return into;
    },
  };
};

const blank = (places: number, stride: number): SortedLeaf => ({
  values: new Float64Array(places * stride),
  counts: new Uint32Array(places),
});

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
