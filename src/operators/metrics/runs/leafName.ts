import type { Places } from "../../../model/pair.ts";

/**
 * What a leaf is called in states that keep places: its first and last place and its length, the same for every
 * pair of a region, however the region is cut.
 */
export const leafName = ({ kind, leaves, latitude, longitude }: Places, leaf: number): string => {
  const start = leaves[leaf]!;
  const stop = leaves[leaf + 1]!;
  return kind === "grid"
    ? `${latitude[leaf]} ${longitude[0]} ${stop - start}`
    : `${latitude[start]} ${longitude[start]} ${latitude[stop - 1]} ${longitude[stop - 1]} ${stop - start}`;
};
