import type { Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Along } from "./forecastTimes.ts";
import { keepingLast } from "./keepingLast.ts";
import type { SlotTimes } from "./slotTimes.ts";
import { lowerBound, sortedEntries } from "./sortedEntries.ts";

/** The times of a target, in any order: values belong to their times. Throws `MetadataInvalid` for a time given twice. */
export const targetTimes = (address: string, { dim, values }: Along): SlotTimes => {
  const entries = sortedEntries(values);
  const times = Array.from(entries.values);
  for (let i = 1; i < times.length; i++) {
    if (times[i] !== times[i - 1]) continue;
    const [first, second] = [entries.indices[i - 1]!, entries.indices[i]!];
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${dim ?? "time"} has ${new Date(times[i]!).toISOString()} at index ${first} and again at index ` +
        `${second}; each time may occur once. Remove one of the two`,
      { source: address, variable: dim ?? "time" },
    );
  }
  const slot = (validTime: number): Slot | undefined => {
    const position = lowerBound(times, validTime);
    if (times[position] !== validTime) return undefined;
    return dim === undefined ? {} : { [dim]: entries.indices[position]! };
  };
  return {
    times: { kind: "target", times, slot: keepingLast(slot) },
    dims: new Map(dim === undefined ? [] : [[dim, values.length]]),
    when: (slot) => ({ validTime: values[dim === undefined ? 0 : slot[dim]!]! }),
    warnings: [],
  };
};
