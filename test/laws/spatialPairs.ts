/** Random pairs on grids, regional or round the globe, which are never cut: what metrics of whole fields see. */
import type { Pair, Places } from "../../src/model/pair.ts";
import { random } from "../../src/testing/random.ts";
import { randomPairs } from "../../src/testing/randomPairs.ts";

/** Stays whole where it would be cut. */
const uncut = <Kind extends "slice" | "subarray">(array: Float64Array, cut: Kind): Float64Array =>
  Object.defineProperty(array.slice(), cut, {
    value() {
      return this;
    },
  }); // prettier-ignore

const wholePlaces = (places: Places, isGlobe: boolean): Places => {
  const columns = places.longitude.length;
  return {
    ...places,
    leaves: Uint32Array.of(0, places.leaves.at(-1)!),
    latitude: uncut(places.latitude, "slice"),
    longitude: isGlobe ? places.longitude.map((_, i) => 10 + (i * 360) / columns) : places.longitude,
    weights: (kind) => uncut(places.weights(kind), "subarray"),
  };
};

/** Pairs of a seed: the first grid that `randomPairs` makes from it on. */
export const wholePairs =
  (range: readonly [number, number] = [-5, 20]) =>
  (seed: number): Pair[] => {
    for (let from = seed; ; from += 100_003) {
      const pairs = randomPairs(from, { variables: { t: "K" }, range });
      const places = pairs[0]?.places;
      if (places?.kind === "points") continue;
      if (places === undefined) return pairs;
      const isGlobe = places.longitude.length > 3 && random(seed)() < 0.4;
      const whole = wholePlaces(places, isGlobe);
      return pairs.map((pair) => ({ ...pair, places: whole }));
    }
  };
