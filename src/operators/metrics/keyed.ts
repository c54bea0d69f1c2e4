import type { MetricRow } from "../../model/metric.ts";
import { byKey, type Key } from "./keep.ts";

/**
 * A state with one entry for each key that a metric keeps. Two levels, by init and by the rest of the key, so that
 * adding one pair copies one run's keys and not the whole state: a case of 40,000 kept runs and leads stays linear.
 */
export type Keyed<Entry extends Key> = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

/** A state of one entry. */
export const oneEntry = <Entry extends Key>(entry: Entry): Keyed<Entry> =>
  new Map([[`${entry.initTime}`, new Map([[`${entry.leadHours} ${entry.validTime}`, entry]])]]);

/** Entries of both; those of one key are joined by `join`. Neither side is changed. */
export const mergeKeyed = <Entry extends Key>(
  a: Keyed<Entry>,
  b: Keyed<Entry>,
  join: (a: Entry, b: Entry) => Entry,
): Keyed<Entry> => {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [init, entries] of b) {
    const known = merged.get(init);
    if (known === undefined) {
      merged.set(init, entries);
      continue;
    }
    const both = new Map(known);
    for (const [rest, entry] of entries) {
      const other = both.get(rest);
      both.set(rest, other === undefined ? entry : join(other, entry));
    }
    merged.set(init, both);
  }
  return merged;
};

/** The rows of every entry, by init, then lead, then valid time; of one entry in the order it gives them. */
export const keyedRows = <Entry extends Key>(
  state: Keyed<Entry>,
  row: (entry: Entry) => MetricRow | readonly MetricRow[],
): MetricRow[] =>
  Array.from(state.values(), (entries) => Array.from(entries.values(), row))
    .flat(2)
    .sort(byKey);
