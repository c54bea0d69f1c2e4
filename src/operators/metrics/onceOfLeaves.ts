import { type LeafWork, leafTotal, leafTotals } from "../../kernels/leafTotal.ts";
import type { Pair } from "../../model/pair.ts";
import { argumentsText } from "./once.ts";

/** What is added up leaf by leaf of a variable of a pair, and with which options. */
type Arguments = readonly [variable: string, ...options: readonly unknown[]];
type MakeWork<Given extends Arguments, Total> = (pair: Pair, ...given: Given) => LeafWork<Total>;

/**
 * As `once`, for sums over leaves. What was asked of the pair before (`Computed.asked`) is likely to be asked of this one:
 * all of it that goes over the same fields is added up in one pass, which fetches and copies them once. Only the time it
 * takes follows from that, never a number.
 */
export const onceOfLeaves = <Given extends Arguments, Total>(
  work: MakeWork<Given, Total>,
  pair: Pair,
  ...given: Given
): Total => {
  const { computed } = pair;
  if (computed === undefined) return leafTotal(work(pair, ...given));
  const key = argumentsText(given);
  const asked = computed.asked;
  if (asked !== undefined) entriesOf(asked.now, work).set(key, given);
  const known = entriesOf(computed, work);
  if (!known.has(key)) {
    const own = work(pair, ...given);
    const works: LeafWork<unknown>[] = [own];
    const keep = [(total: unknown) => known.set(key, total)];
    for (const [make, requests] of asked?.before ?? []) {
      const made = entriesOf(computed, make);
      for (const [text, request] of requests as ReadonlyMap<string, Arguments>) {
        const isOwn = make === work && text === key;
        if (isOwn || made.has(text) || request[0] !== given[0]) continue;
        const other = (make as MakeWork<Arguments, unknown>)(pair, ...request);
        if (!isBeside(own, other)) continue;
        works.push(other);
        keep.push((total) => made.set(text, total));
      }
    }
    for (const [k, total] of leafTotals(works).entries()) keep[k]!(total);
  }
  return known.get(key) as Total;
};

/** Whether it is known, or likely to be asked of the pair. */
export const isAsked = <Given extends Arguments>(
  work: MakeWork<Given, unknown>,
  { computed }: Pair,
  ...given: Given
): boolean => {
  const [known, before] = [computed?.get(work), computed?.asked?.before.get(work)];
  if (known === undefined && before === undefined) return false;
  const key = argumentsText(given);
  return known?.has(key) === true || before?.has(key) === true;
};

/** Whether both go over the same leaves of the same fields, one of them perhaps of others too. */
const isBeside = (a: LeafWork<unknown>, b: LeafWork<unknown>): boolean =>
  a.leaves.borders === b.leaves.borders &&
  (a.arrays.every((array) => b.arrays.includes(array)) ||
    b.arrays.every((array) => a.arrays.includes(array)));

const entriesOf = (all: Map<unknown, Map<string, unknown>>, of: unknown): Map<string, unknown> => {
  const entries = all.get(of) ?? new Map<string, unknown>();
  all.set(of, entries);
  return entries;
};
