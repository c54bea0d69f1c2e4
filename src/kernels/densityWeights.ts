import { haversine } from "./haversine.ts";

/** Points this near (km) are neighbours. */
export const DENSITY_RADIUS = 100;
/** Degrees of latitude that 100 km are, rounded up. */
const REACH = 0.9;

/**
 * Weight of each point (degrees): one over the number of points within 100 km on the sphere, itself among them. Two
 * stations side by side weigh a half each. All points of the list count, also those that have no value at a time. A
 * point without a place weighs 1.
 */
export const densityWeights = (latitude: Float64Array, longitude: Float64Array): Float64Array => {
  const counts = new Uint32Array(latitude.length).fill(1);
  const order = Uint32Array.from(counts, (_, i) => i)
    .filter((i) => !Number.isNaN(latitude[i]! + longitude[i]!))
    .sort((a, b) => latitude[a]! - latitude[b]!);
  const n = order.length;
  for (let k = 0; k < n; k++) {
    const i = order[k]!;
    for (let l = k + 1; l < n; l++) {
      const j = order[l]!;
      if (!(latitude[j]! - latitude[i]! <= REACH)) break;
      if (haversine(latitude[i]!, longitude[i]!, latitude[j]!, longitude[j]!) > DENSITY_RADIUS) continue;
      counts[i]! += 1;
      counts[j]! += 1;
    }
  }
  return Float64Array.from(counts, (count) => 1 / count);
};
