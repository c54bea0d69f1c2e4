import { bracket, nearestIndex, samePlace } from "./axis.ts";
import { eastOf, mod360, type Unrolled } from "./circle.ts";

/**
 * For each wanted coordinate two indices on an axis and the weight of the second; -1 where there is nothing. With
 * weight 0 both indices are the same, so that a neighbour without weight is never looked at.
 */
export interface Stencil {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float64Array;
}

/** What a place outside the axis gets. */
export type Outside = "missing" | "edge";

/** Room for noise of float64 when a place lies half-way between two others; degrees. */
const HALF_WAY = 1e-9;

const stencil = (
  wanted: Float64Array,
  find: (at: number) => { first: number; second: number; weight: number } | undefined,
): Stencil => {
  const first = new Int32Array(wanted.length).fill(-1);
  const second = new Int32Array(wanted.length).fill(-1);
  const weight = new Float64Array(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const found = find(wanted[i]!);
    if (found === undefined) continue;
    first[i] = found.first;
    second[i] = found.second;
    weight[i] = found.weight;
  }
  return { first, second, weight };
};

const only = (index: number) => ({ first: index, second: index, weight: 0 });

/** The outermost row nearest to a latitude outside an axis, or beside the only one. */
const edgeRow = (latitude: Float64Array, at: number): number => nearestIndex(latitude, at);

export const linearRows = (latitude: Float64Array, wanted: Float64Array, outside: Outside): Stencil =>
  stencil(
    wanted,
    (at) => bracket(latitude, at) ?? (outside === "edge" ? only(edgeRow(latitude, at)) : undefined),
  );

export const linearColumns = (axis: Unrolled, wanted: Float64Array, outside: Outside): Stencil => {
  const { order, offset, closed, origin } = axis;
  const n = order.length;
  const length = offset[n - 1] ?? 0;
  return stencil(wanted, (longitude) => {
    const gap = n > 1 ? offset[1]! : 1;
    const at = eastOf(origin, longitude, samePlace(gap) * gap);
    const found = bracket(offset, at);
    if (found !== undefined) {
      return { first: order[found.first]!, second: order[found.second]!, weight: found.weight };
    }
    if (closed) {
      const weight = (at - length) / (360 - length);
      if (weight >= 1 - samePlace(360 - length)) return only(order[0]!);
      return { first: order[n - 1]!, second: order[0]!, weight };
    }
    return outside === "edge" ? only(order[nearestEnd(length, at)[0] === 0 ? 0 : n - 1]!) : undefined;
  });
};

export const nearestRows = (latitude: Float64Array, wanted: Float64Array, outside: Outside): Stencil => {
  const n = latitude.length;
  return stencil(wanted, (at) => {
    const index = nearestIndex(latitude, at, HALF_WAY);
    if (outside === "edge") return only(index);
    const neighbour = index === 0 ? Math.min(1, n - 1) : index - 1;
    const half = Math.abs(latitude[index]! - latitude[neighbour]!) / 2;
    const end = index === 0 || index === n - 1;
    const room = n === 1 ? samePlace(1) : half + HALF_WAY;
    return end && Math.abs(at - latitude[index]!) > room && isBeyond(latitude, at) ? undefined : only(index);
  });
};

/** Nearest on the circle; half-way the western of the two, which is the smaller one of an unrolled axis. */
export const nearestColumns = (axis: Unrolled, wanted: Float64Array, outside: Outside): Stencil => {
  const { order, offset, closed, origin } = axis;
  const n = order.length;
  const length = offset[n - 1] ?? 0;
  return stencil(wanted, (longitude) => {
    const at = mod360(longitude - origin);
    if (at <= length) return only(order[nearestIndex(offset, at, HALF_WAY)]!);
    if (closed) return only(order[at <= (length + 360) / 2 + HALF_WAY ? n - 1 : 0]!);
    const [end, distance] = nearestEnd(length, at);
    const half = n === 1 ? samePlace(1) : (end === 0 ? offset[1]! : length - offset[n - 2]!) / 2 + HALF_WAY;
    return outside === "edge" || distance <= half ? only(order[end === 0 ? 0 : n - 1]!) : undefined;
  });
};

const isBeyond = (axis: Float64Array, at: number): boolean =>
  at < Math.min(axis[0]!, axis[axis.length - 1]!) || at > Math.max(axis[0]!, axis[axis.length - 1]!);

/** Which end of [0, length] on the circle is nearer to `at` outside it, and how far; the western one half-way. */
const nearestEnd = (length: number, at: number): [end: 0 | 1, distance: number] => {
  const beyond = at - length;
  const before = 360 - at;
  return beyond <= before + HALF_WAY ? [1, beyond] : [0, before];
};
