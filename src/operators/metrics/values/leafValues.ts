import type { Values } from "../../../model/field.ts";
import type { Places, Weights } from "../../../model/pair.ts";
import { leafName } from "../runs/leafName.ts";
import { type LeafWeight, leafWeights } from "./errorSums.ts";

/** The values of one leaf, and the weight of its places. */
export interface LeafOfValues extends LeafWeight {
  readonly values: Values;
  /** Text for `by` of each place, where it was asked for: `latitude=50;longitude=-10`, longitudes from -180 to 180. */
  readonly names: readonly string[] | undefined;
}

export type LeafValues = ReadonlyMap<string, LeafOfValues>;

export const leavesOf = (places: Places, values: Values, weights: Weights, named: boolean): LeafValues => {
  const { leaves } = places;
  const weightOf = leafWeights(places, weights);
  const made = new Map<string, LeafOfValues>();
  for (let leaf = 0; leaf + 1 < leaves.length; leaf++) {
    made.set(leafName(places, leaf), {
      values: values.slice(leaves[leaf]!, leaves[leaf + 1]!),
      ...weightOf(leaf),
      names: named ? namesOf(places, leaf) : undefined,
    });
  }
  return made;
};

const namesOf = ({ kind, leaves, latitude, longitude }: Places, leaf: number): string[] => {
  const start = leaves[leaf]!;
  return Array.from({ length: leaves[leaf + 1]! - start }, (_, i) => {
    const [row, column] = kind === "grid" ? [leaf, i] : [start + i, start + i];
    return `latitude=${rounded(latitude[row]!)};longitude=${rounded(around(longitude[column]!))}`;
  });
};

/** To a tenth of a metre, so that 350 and -10 degrees have the same name. */
const rounded = (degrees: number): number => Number(degrees.toFixed(6)) + 0;

const around = (degrees: number): number => {
  const east = Number((((degrees % 360) + 360) % 360).toFixed(6));
  return east >= 180 ? east - 360 : east;
};
