/**
 * The merge of many units of a target, so that a restart need not merge a million states. It says of which units it is
 * by their count and the sum of their hashes (name, versions): among units asked for later, those recorded up to
 * `order` have to be exactly these.
 */
import { deserialize, serialize } from "node:v8";
import type { States } from "./mergedStates.ts";
import type { SiteRows } from "./siteRows.ts";
import { addUnit } from "./unitSum.ts";

/** Which units: recorded last, how many, the sum of their hashes. */
export interface UnitSet {
  readonly order: number;
  readonly count: number;
  readonly sum: Uint32Array;
}

export interface Checkpoint extends UnitSet {
  readonly states: States;
}

/** A checkpoint of fewer units than these, or that has more than eight times those it lacks, is not kept anew. */
const fewest = 64;

/** Whether a new one is worth its bytes, where `rest` of `all` units were merged one by one. */
export const isWorthIt = (rest: number, all: number): boolean => rest >= fewest && rest * 8 >= all;

export const checkpointBytes = ({ order, count, sum }: UnitSet, states: States): Uint8Array =>
  serialize([order, count, [...sum], states]);

export const checkpointOf = (bytes: Uint8Array): Checkpoint => {
  const [order, count, sum, states] = deserialize(bytes);
  return { order, count, sum: Uint32Array.from(sum), states };
};

export const unitSet = (rows: SiteRows, places: readonly number[]): UnitSet => {
  const sum = new Uint32Array(4);
  let order = 0;
  for (const place of places) {
    addUnit(sum, rows.row(place));
    order = Math.max(order, rows.order(place));
  }
  return { order, count: places.length, sum };
};

/** The set of the units of both, which have none in common. */
export const unionOf = (a: UnitSet, b: UnitSet): UnitSet => ({
  order: Math.max(a.order, b.order),
  count: a.count + b.count,
  sum: a.sum.map((lane, i) => lane + b.sum[i]!),
});

/** The places that are not of the units of `set`, where all those units are among `places`, unchanged. */
export const notIn = (
  set: UnitSet,
  rows: SiteRows,
  places: readonly number[],
): readonly number[] | undefined => {
  const isIn = (place: number): boolean => rows.order(place) <= set.order;
  const { count, sum } = unitSet(rows, places.filter(isIn));
  const isSame = count === set.count && sum.every((lane, i) => lane === set.sum[i]);
  return isSame ? places.filter((place) => !isIn(place)) : undefined;
};
