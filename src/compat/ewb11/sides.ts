import { addExact, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import { type ValueTotal, valueTotal } from "../../kernels/valueTotal.ts";
import type { Values } from "../../model/field.ts";
import type { ClimatologyField, Pair, Places } from "../../model/pair.ts";
import { onceOf } from "../../operators/metrics/once.ts";
import type { Series } from "../../operators/metrics/runs/series.ts";
import { mergeSeries } from "../../operators/metrics/runs/series.ts";
import { type LatticeSample, latticeSample } from "./lattice.ts";

/** The peer averages each side over the places that side has, whatever the other lacks. */
interface Sides {
  readonly forecast: ValueTotal;
  readonly target: ValueTotal;
  readonly threshold: ValueTotal;
}

/** Sums of each side for each group of places that is not reduced; one group "" where all space is. */
export interface SidesSample extends LatticeSample {
  readonly groups: ReadonlyMap<string, Sides>;
  readonly single: readonly [forecast: boolean, target: boolean];
}

export type SidesSeries = Series<SidesSample>;

/** Spatial dimensions a metric averages over before it looks at anything. */
export type SpatialDim = "latitude" | "longitude";

export const observeSides = (
  variable: string,
  reduced: readonly SpatialDim[],
  climatology?: ClimatologyField,
): ((pair: Pair) => SidesSeries) => {
  const sides = onceOf(sidesOf, variable, reduced, climatology);
  return (pair) => latticeSample<SidesSample>(pair, sides(pair));
};

const sidesOf = (
  pair: Pair,
  variable: string,
  reduced: readonly SpatialDim[],
  climatology: ClimatologyField | undefined,
): Omit<SidesSample, keyof LatticeSample> => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const single = [f instanceof Float32Array, o instanceof Float32Array] as const;
  if (!pair.matched) return { groups: new Map(), single };
  const c = climatology === undefined ? undefined : pair.climatology(climatology).values;
  const names = groupNames(pair.places, reduced);
  if (names === undefined) {
    const { places, computed, common } = pair;
    const sums = {
      forecast: sideSum(f, places, computed),
      target: sideSum(o, places, common),
      threshold: sideSum(c, places, common),
    };
    return { groups: new Map([["", sums]]), single };
  }
  const groups = new Map<string, Record<keyof Sides, { n: number; sum: number[] }>>();
  for (let i = 0; i < f.length; i++) {
    const name = names(i);
    const group = groups.get(name) ?? { forecast: empty(), target: empty(), threshold: empty() };
    groups.set(name, group);
    take(group.forecast, f[i]!);
    take(group.target, o[i]!);
    take(group.threshold, c === undefined ? Number.NaN : c[i]!);
  }
  return { groups, single };
};

const empty = (): { n: number; sum: number[] } => ({ n: 0, sum: [] });

const take = (side: { n: number; sum: number[] }, value: number): void => {
  if (Number.isNaN(value)) return;
  side.n += 1;
  addExact(side.sum, value);
};

/** @param known sums of sides that were made before: the same object for the same values on the same places */
const sideSum = (
  values: Values | undefined,
  { leaves }: Places,
  known: Map<unknown, Map<unknown, unknown>> | undefined,
): ValueTotal => {
  if (values === undefined) return empty();
  const sums = (known?.get(sideSum) as Map<Values, ValueTotal> | undefined) ?? new Map();
  known?.set(sideSum, sums);
  const sum = sums.get(values) ?? valueTotal(values, leaves);
  sums.set(values, sum);
  return sum;
};

/** Name of the group a place belongs to by what is not reduced; undefined where all of space is. */
const groupNames = (
  { kind, latitude, longitude }: Places,
  reduced: readonly SpatialDim[],
): ((place: number) => string) | undefined => {
  const keepLatitude = !reduced.includes("latitude");
  const keepLongitude = !reduced.includes("longitude");
  if (!keepLatitude && !keepLongitude) return undefined;
  const width = longitude.length;
  return (place) => {
    const row = kind === "grid" ? Math.floor(place / width) : place;
    const column = kind === "grid" ? place % width : place;
    const y = keepLatitude || kind === "points" ? latitude[row] : "";
    const x = keepLongitude || kind === "points" ? longitude[column] : "";
    return `${y} ${x}`;
  };
};

export const mergeSides = (a: SidesSeries, b: SidesSeries): SidesSeries =>
  mergeSeries(a, b, (x, y) => {
    const groups = new Map(x.groups);
    for (const [name, one] of y.groups) {
      const other = groups.get(name);
      groups.set(name, other === undefined ? one : joinSides(other, one));
    }
    return { ...x, matched: x.matched || y.matched, groups };
  });

const joinSides = (a: Sides, b: Sides): Sides => ({
  forecast: { n: a.forecast.n + b.forecast.n, sum: mergeExact(a.forecast.sum, b.forecast.sum) },
  target: { n: a.target.n + b.target.n, sum: mergeExact(a.target.sum, b.target.sum) },
  threshold: { n: a.threshold.n + b.threshold.n, sum: mergeExact(a.threshold.sum, b.threshold.sum) },
});

/** Mean of one side of a group; NaN where nothing is present. */
export const sideMean = (sample: SidesSample | undefined, group: string, side: keyof Sides): number => {
  const found = sample?.groups.get(group)?.[side];
  return found === undefined || found.n === 0 ? Number.NaN : exactValue(found.sum) / found.n;
};

/** Names of all groups, sorted. */
export const groupsOf = (series: SidesSeries): string[] => {
  const names = new Set<string>();
  for (const { samples } of series) {
    for (const { groups } of samples) for (const name of groups.keys()) names.add(name);
  }
  return [...names].sort();
};
