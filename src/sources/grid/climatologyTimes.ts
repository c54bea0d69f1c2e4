import type { Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Along } from "./forecastTimes.ts";
import { keepingLast } from "./keepingLast.ts";
import type { SlotTimes } from "./slotTimes.ts";
import { sortedEntries } from "./sortedEntries.ts";

const day = 86_400_000;
const hour = 3_600_000;

/**
 * The entries of a climatology of days of the year and hours. A valid time takes the day of the year it has in its
 * own year (366 in leap years only) and the nearest hour that is listed within that day, the earlier one half-way:
 * with 0, 6, 12 and 18 h, 23 h takes 18 h, never 0 h of the next day. A day that is not listed has no entry.
 */
export const climatologyTimes = (address: string, days: Along, hours: Along | undefined): SlotTimes => {
  const dims = new Map<string, number>();
  for (const along of [days, hours]) if (along?.dim !== undefined) dims.set(along.dim, along.values.length);
  const refuse = (along: Along, text: string) => {
    const variable = along.dim ?? "dayofyear";
    throw new EwbError("MetadataInvalid", `${address}: ${variable} ${text}`, { source: address, variable });
  };
  const byDay = new Map<number, number>();
  for (const [i, value] of days.values.entries()) {
    if (!Number.isInteger(value) || value < 1 || value > 366) {
      refuse(days, `is ${value} at index ${i}; days of the year from 1 to 366 were expected`);
    }
    if (byDay.has(value)) refuse(days, `is ${value} at index ${byDay.get(value)} and again at index ${i}`);
    byDay.set(value, i);
  }
  const listed = hours && sortedEntries(hours.values);
  for (const [i, value] of (hours?.values ?? []).entries()) {
    if (!(value >= 0 && value < 24))
      refuse(hours!, `is ${value} at index ${i}; hours from 0 to 23 were expected`);
  }
  if (hours && hours.values.length === 0) refuse(hours, "has no values; at least one hour is needed");
  const nearest = (time: number): number => {
    const { values, indices } = listed!;
    let best = 0;
    for (let i = 1; i < values.length; i++) {
      if (Math.abs(values[i]! - time) < Math.abs(values[best]! - time)) best = i;
    }
    return indices[best]!;
  };
  const slotOf = (validTime: number): Slot | undefined => {
    const year = new Date(validTime).getUTCFullYear();
    const passed = validTime - Date.UTC(year, 0, 1);
    const index = byDay.get(Math.floor(passed / day) + 1);
    if (index === undefined) return undefined;
    const slot: Record<string, number> = {};
    if (days.dim !== undefined) slot[days.dim] = index;
    if (hours?.dim !== undefined) slot[hours.dim] = nearest((passed % day) / hour);
    return slot;
  };
  return {
    times: { kind: "climatology", slot: keepingLast(slotOf) },
    dims,
    when: () => ({ validTime: Number.NaN }),
    warnings: [],
  };
};
