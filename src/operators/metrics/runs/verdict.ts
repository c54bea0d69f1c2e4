/** How many of several yes and no make one: any of them, all of them, or at least half. */
export type Aggregation = "any" | "all" | "half";

export const AGGREGATIONS: readonly Aggregation[] = ["any", "all", "half"];

/** `hits` of `present`, counts or weights; undefined where nothing is present: no statement. */
export const verdict = (aggregation: Aggregation, hits: number, present: number): boolean | undefined => {
  if (!(present > 0)) return undefined;
  if (aggregation === "any") return hits > 0;
  return aggregation === "all" ? hits === present : 2 * hits >= present;
};
