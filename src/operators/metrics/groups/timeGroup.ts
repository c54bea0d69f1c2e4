import type { Pair } from "../../../model/pair.ts";
import type { Breakdown } from "./breakdown.ts";

const SEASONS = ["DJF", "MAM", "JJA", "SON"];

/** The group of a pair by one break-down of times, like `month=3`; undefined: it is none of texts. */
export const timeGroup = (
  breakdown: Breakdown,
  { validTime, leadHours }: Pick<Pair, "validTime" | "leadHours">,
): string | undefined => {
  switch (breakdown) {
    case "hour":
      return `hour=${new Date(validTime).getUTCHours()}`;
    case "month":
      return `month=${new Date(validTime).getUTCMonth() + 1}`;
    case "season":
      return `season=${SEASONS[Math.floor(((new Date(validTime).getUTCMonth() + 1) % 12) / 3)]}`;
  }
  if (typeof breakdown === "string" || breakdown.kind !== "leadBin") return undefined;
  const start = Math.floor(leadHours / breakdown.hours) * breakdown.hours;
  return `lead=${start}..${start + breakdown.hours} h`;
};
