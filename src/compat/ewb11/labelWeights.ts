import { EwbError } from "../../model/errors.ts";
import type { Pair } from "../../model/pair.ts";
import type { MemoryArray } from "../../model/source.ts";

/**
 * Weight of each place of a pair from an array with labels: looked up by exact label, as the peer joins; undefined
 * where the array has no such label. Throws `Options` for a dimension that is none of the pair's, and for a
 * negative or missing weight.
 */
export const labelWeights = (weights: MemoryArray, pair: Pair): ((place: number) => number | undefined) => {
  const data = (weights.data as readonly unknown[]).flat(Number.POSITIVE_INFINITY as 1).map(Number);
  if (data.some((weight) => !(weight >= 0))) {
    throw new EwbError("Options", "weights: a weight is negative or missing; give numbers from 0 up.");
  }
  const indices = weights.dims.map((dim) => {
    const labels = (weights.coords[dim] ?? []).map((label) =>
      typeof label === "string" ? Date.parse(/Z$/.test(label) ? label : `${label}Z`) : Number(label),
    );
    return { dim, positions: new Map(labels.map((label, i) => [label, i])), size: labels.length };
  });
  const width = pair.places.longitude.length;
  const label = (dim: string, place: number): number => {
    const { latitude, longitude, kind } = pair.places;
    if (dim === "valid_time") return pair.validTime;
    if (dim === "lead_time") return pair.leadHours;
    if (dim === "latitude") return latitude[kind === "grid" ? Math.floor(place / width) : place]!;
    if (dim === "longitude") return longitude[kind === "grid" ? place % width : place]!;
    throw new EwbError(
      "Options",
      `weights: there is no dimension ${dim}; expected latitude, longitude, lead_time or valid_time.`,
    );
  };
  return (place) => {
    let at = 0;
    for (const { dim, positions, size } of indices) {
      const position = positions.get(label(dim, place));
      if (position === undefined) return undefined;
      at = at * size + position;
    }
    return data[at];
  };
};
