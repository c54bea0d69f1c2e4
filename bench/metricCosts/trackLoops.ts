/** Hand-written loops of metrics of tracks, from the same pairs: points gathered by run, then compared. */
import type { Pair } from "../../src/model/pair.ts";
import { kilometres } from "./spatialLoops.ts";
import { ring } from "./stormPairs.ts";

const HOUR = 3_600_000;
const RADIANS = Math.PI / 180;

/** A point of a track: time, latitude, longitude, intensity. */
type Point = readonly [time: number, north: number, east: number, wind: number];

interface Tracks {
  readonly runs: Map<number, Point[]>;
  readonly observed: Point[];
}

const gathered = (pairs: readonly Pair[]): Tracks => {
  const runs = new Map<number, Point[]>();
  const observed = new Map<number, Point>();
  const point = (time: number, side: Pair["forecast"]): Point => [
    time,
    side.latitude!.values[0]!,
    side.longitude!.values[0]!,
    side.t!.values[0]!,
  ];
  for (const { initTime, validTime, forecast, target } of pairs) {
    const run = runs.get(initTime) ?? [];
    if (run.push(point(validTime, forecast)) === 1) runs.set(initTime, run);
    observed.set(validTime, point(validTime, target));
  }
  return { runs, observed: [...observed.values()].sort((a, b) => a[0] - b[0]) };
};

const xs = Float64Array.from(ring, ([x]) => x);
const ys = Float64Array.from(ring, ([, y]) => y);

const isLand = (x: number, y: number): boolean => {
  let inside = false;
  for (let i = 1; i < xs.length; i++) {
    const [ay, by] = [ys[i - 1]!, ys[i]!];
    if (ay > y === by > y) continue;
    const [ax, bx] = [xs[i - 1]!, xs[i]!];
    if (x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
};

/** The first landfall of a track: where a segment that begins at sea first crosses the coast. */
const landfall = (track: readonly Point[]): Point | undefined => {
  for (let k = 0; k + 1 < track.length; k++) {
    const [[t, ay, ax, wind], [u, by, bx, after]] = [track[k]!, track[k + 1]!];
    if (Number.isNaN(ax + ay + bx + by + wind) || isLand(ax, ay)) continue;
    let first = 2;
    const [dx, dy] = [bx - ax, by - ay];
    const [south, north] = [Math.min(ay, by), Math.max(ay, by)];
    for (let i = 1; i < xs.length; i++) {
      const [px, py] = [xs[i - 1]!, ys[i - 1]!];
      if ((py < south && ys[i]! < south) || (py > north && ys[i]! > north)) continue;
      const [ex, ey] = [xs[i]! - px, ys[i]! - py];
      const across = dx * ey - dy * ex;
      const share = ((px - ax) * ey - (py - ay) * ex) / across;
      const along = ((px - ax) * dy - (py - ay) * dx) / across;
      if (share >= 0 && share <= 1 && along >= 0 && along <= 1 && share < first) first = share;
    }
    if (first > 1) continue;
    return [t + first * (u - t), ay + first * dy, ax + first * dx, wind + first * (after - wind)];
  }
  return undefined;
};

/** Of each run whose landfall comes within a day of the observed one a number of both. */
export const landfalls =
  (number: (forecast: Point, target: Point) => number) =>
  (pairs: readonly Pair[]): unknown => {
    const { runs, observed } = gathered(pairs);
    const target = landfall(observed);
    const values: number[] = [];
    for (const [init, run] of runs) {
      const forecast = landfall(run);
      const isForeseen = target !== undefined && init < target[0] && run[0]![0] <= target[0];
      const isNear = forecast !== undefined && isForeseen && Math.abs(forecast[0] - target[0]) <= 24 * HOUR;
      values.push(isNear ? number(forecast, target) : Number.NaN);
    }
    return values;
  };

export const displacement = (f: Point, o: Point): number => kilometres(f[1], f[2], o[1], o[2]);
export const late = (f: Point, o: Point): number => (f[0] - o[0]) / HOUR;
export const stronger = (f: Point, o: Point): number => Math.abs(f[3] - o[3]);

const bearing = (a: Point, b: Point): number => {
  const east = (b[2] - a[2]) * RADIANS;
  const [p, q] = [a[1] * RADIANS, b[1] * RADIANS];
  return Math.atan2(
    Math.sin(east) * Math.cos(q),
    Math.cos(p) * Math.sin(q) - Math.sin(p) * Math.cos(q) * Math.cos(east),
  );
};

/** Means by lead of the distance, its parts along and across the motion of the storm, and the error of intensity. */
export const trackErrors = (pairs: readonly Pair[]): unknown => {
  const { runs, observed } = gathered(pairs);
  const there = observed.filter(([, north, east]) => !Number.isNaN(north + east));
  const at = new Map(there.map(([time], k) => [time, k]));
  const headings = there.map((here, k) => {
    const [before, after] = [there[k - 1] ?? here, there[k + 1] ?? here];
    const come = displacement(before, here);
    const go = displacement(here, after);
    const [from, to] = [bearing(here, before) + Math.PI, bearing(here, after)];
    return Math.atan2(
      (come && come * Math.sin(from)) + (go && go * Math.sin(to)),
      (come && come * Math.cos(from)) + (go && go * Math.cos(to)),
    );
  });
  const sums = new Map<number, Float64Array>();
  for (const [init, run] of runs) {
    for (const point of run) {
      const k = at.get(point[0]);
      if (k === undefined || Number.isNaN(point[1] + point[2])) continue;
      const lead = point[0] - init;
      const sum = sums.get(lead) ?? new Float64Array(5);
      if (sum[0] === 0) sums.set(lead, sum);
      const total = displacement(there[k]!, point);
      const turned = (total === 0 ? headings[k]! : bearing(there[k]!, point)) - headings[k]!;
      const angle = total / 6371;
      sum[0]! += 1;
      sum[1]! += total;
      sum[2]! += 6371 * Math.atan2(Math.cos(turned) * Math.sin(angle), Math.cos(angle));
      sum[3]! += 6371 * Math.asin(Math.sin(angle) * Math.sin(turned));
      sum[4]! += point[3] - there[k]![3];
    }
  }
  return [...sums].map(([lead, [n, ...parts]]) => [lead / HOUR, ...parts.map((sum) => sum / n!), n]);
};
