import type { ChunkRef, Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { ForecastTimes } from "../../model/openSource.ts";
import type { SlotTimes } from "./slotTimes.ts";
import { type Entries, lowerBound, sortedEntries, withoutRepeats } from "./sortedEntries.ts";

/** Values along a dimension of the store; without a dimension, one value that holds for all of it. */
export interface Along {
  readonly dim?: string;
  readonly values: Float64Array;
}

/** Two of the three: a run, how far ahead, and when. The third is their sum or difference. */
export interface ForecastAxes {
  readonly init?: Along;
  readonly lead?: Along;
  readonly valid?: Along;
}

const slotOf = (a: Along, i: number, b: Along, j: number): Slot => {
  const slot: Record<string, number> = {};
  if (a.dim !== undefined) slot[a.dim] = i;
  if (b.dim !== undefined) slot[b.dim] = j;
  return slot;
};

/**
 * The refs of a forecast laid out as (init, lead), (init, valid) or (lead, valid). Axes may be in any order; of
 * equal inits the first counts, and a warning says so; leads before 0 are left out. Equal leads or valid times are
 * refused: which of the two is meant cannot be known.
 */
export const forecastTimes = (address: string, axes: ForecastAxes): SlotTimes => {
  const warnings: string[] = [];
  const unique = (along: Along, what: string, keepFirst: boolean): Entries => {
    const { entries, repeats } = withoutRepeats(sortedEntries(along.values));
    if (repeats === 0) return entries;
    const name = along.dim ?? what;
    if (!keepFirst) {
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${name} has ${repeats} ${what} a second time; each may occur once`,
        { source: address, variable: name },
      );
    }
    warnings.push(`${address}: ${repeats} ${what} of ${name} occur a second time; the first of each is used`);
    return entries;
  };
  const dims = new Map<string, number>();
  for (const along of [axes.init, axes.lead, axes.valid]) {
    if (along?.dim !== undefined) dims.set(along.dim, along.values.length);
  }
  const { init, lead, valid } = axes;
  const at = (along: Along, slot: Slot) => along.values[along.dim === undefined ? 0 : slot[along.dim]!]!;
  const done = (times: ForecastTimes): SlotTimes => ({
    times,
    dims,
    warnings,
    when: (slot) => {
      if (init && lead) return { initTime: at(init, slot), validTime: at(init, slot) + at(lead, slot) };
      if (init && valid) return { initTime: at(init, slot), validTime: at(valid, slot) };
      return { initTime: at(valid!, slot) - at(lead!, slot), validTime: at(valid!, slot) };
    },
  });

  const notNegative = (entries: Entries): Entries => {
    const from = lowerBound(entries.values, 0);
    if (from > 0) warnings.push(`${address}: ${from} leads before 0 are left out`);
    return { values: entries.values.subarray(from), indices: entries.indices.subarray(from) };
  };

  if (init && lead) {
    const inits = unique(init, "inits", true);
    const leads = notNegative(unique(lead, "leads", false));
    const last = leads.values[leads.values.length - 1] ?? 0;
    return done({
      kind: "forecast",
      leads: Array.from(leads.values),
      *refs(start, end): Iterable<ChunkRef> {
        for (let i = lowerBound(inits.values, start - last); i < inits.values.length; i++) {
          const initTime = inits.values[i]!;
          if (initTime > end) return;
          for (let j = lowerBound(leads.values, start - initTime); j < leads.values.length; j++) {
            const ahead = leads.values[j]!;
            const validTime = initTime + ahead;
            if (validTime > end) break;
            yield {
              initTime,
              lead: ahead,
              validTime,
              slot: slotOf(init, inits.indices[i]!, lead, leads.indices[j]!),
            };
          }
        }
      },
    });
  }
  if (init && valid) {
    const inits = unique(init, "inits", true);
    const valids = unique(valid, "valid times", false);
    const distinct = new Set<number>();
    for (const initTime of inits.values) {
      for (let j = lowerBound(valids.values, initTime); j < valids.values.length; j++) {
        distinct.add(valids.values[j]! - initTime);
      }
    }
    return done({
      kind: "forecast",
      leads: [...distinct].sort((a, b) => a - b),
      *refs(start, end): Iterable<ChunkRef> {
        for (let i = 0; i < inits.values.length; i++) {
          const initTime = inits.values[i]!;
          if (initTime > end) return;
          const from = lowerBound(valids.values, Math.max(start, initTime));
          for (let j = from; j < valids.values.length && valids.values[j]! <= end; j++) {
            const validTime = valids.values[j]!;
            const slot = slotOf(init, inits.indices[i]!, valid, valids.indices[j]!);
            yield { initTime, lead: validTime - initTime, validTime, slot };
          }
        }
      },
    });
  }
  if (!lead || !valid) {
    throw new EwbError("MetadataInvalid", `${address}: a forecast needs two of init, lead and valid time`, {
      source: address,
    });
  }
  const leads = notNegative(unique(lead, "leads", false));
  const valids = unique(valid, "valid times", false);
  return done({
    kind: "forecast",
    leads: Array.from(leads.values),
    *refs(start, end): Iterable<ChunkRef> {
      const refs: ChunkRef[] = [];
      const from = lowerBound(valids.values, start);
      for (let j = from; j < valids.values.length && valids.values[j]! <= end; j++) {
        const validTime = valids.values[j]!;
        for (const [k, ahead] of leads.values.entries()) {
          const slot = slotOf(lead, leads.indices[k]!, valid, valids.indices[j]!);
          refs.push({ initTime: validTime - ahead, lead: ahead, validTime, slot });
        }
      }
      yield* refs.sort((a, b) => a.initTime - b.initTime || a.lead - b.lead);
    },
  });
};
