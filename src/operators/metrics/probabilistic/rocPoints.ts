import type { Table } from "./groupsMetric.ts";

/** Rates of an event forecast wherever the probability reaches a threshold. */
export interface RocPoint {
  readonly threshold: number;
  /** Hits over events. */
  readonly detection: number;
  /** False alarms over non-events. */
  readonly falseDetection: number;
}

/**
 * The curve, from the lowest threshold to infinity (never forecast). Groups of one probability each give a point a
 * probability; with `thresholds` groups are named by how many of them a probability reaches.
 */
export const rocPoints = (table: Table, thresholds: readonly number[] | undefined): RocPoint[] => {
  const all = thresholds ?? table.map(({ name }) => name);
  const hits = new Float64Array(all.length + 1);
  const alarms = new Float64Array(all.length + 1);
  let [events, others] = [0, 0];
  for (let g = table.length - 1; g >= 0; g--) {
    const { name, weight, sums } = table[g]!;
    const at = thresholds === undefined ? g : name - 1;
    events += sums[0]!;
    others += weight - sums[0]!;
    if (at < 0) continue;
    hits[at]! += sums[0]!;
    alarms[at]! += weight - sums[0]!;
  }
  for (let k = all.length - 2; k >= 0; k--) {
    hits[k]! += hits[k + 1]!;
    alarms[k]! += alarms[k + 1]!;
  }
  return [...all, Number.POSITIVE_INFINITY].map((threshold, k) => ({
    threshold,
    detection: hits[k]! / events,
    falseDetection: alarms[k]! / others,
  }));
};

/** Area under the trapezoids between neighbours; NaN without an event or without a non-event. */
export const areaUnder = (points: readonly RocPoint[]): number => {
  let area = 0;
  for (let k = 0; k + 1 < points.length; k++) {
    const [a, b] = [points[k]!, points[k + 1]!];
    area += ((a.falseDetection - b.falseDetection) * (a.detection + b.detection)) / 2;
  }
  const { detection, falseDetection } = points.at(-1)!;
  return Number.isNaN(detection) || Number.isNaN(falseDetection) ? Number.NaN : area;
};
