import type { Values } from "../../model/field.ts";
import type { Leaves } from "../leafTotal.ts";

/** A target and the members of its forecast as vectors of the same places, those that all of them have. */
export interface FieldSample {
  readonly places: number;
  readonly observed: Float64Array;
  /** In an order that follows from their values: the same whatever order they were given in. */
  readonly members: readonly Float64Array[];
  /** Of each number, 1 on the mean. */
  readonly weights: Float64Array;
}

/**
 * Takes together one or several components (each with its target and as many members). A member that has nothing at the
 * places of the target is left out; then a place counts where all components, targets and members are present.
 */
export const fieldSample = (
  targets: readonly Values[],
  components: readonly (readonly Values[])[],
  leaves: Leaves,
): FieldSample => {
  const size = targets[0]!.length;
  const target = Uint8Array.from({ length: size }, (_, i) => (hasAll(targets, i) ? 1 : 0));
  const count = components[0]!.length;
  const given = Array.from({ length: count }, (_, m) => components.map((members) => members[m]!));
  const present = given.filter((fields) => target.some((is, i) => is === 1 && hasAll(fields, i)));
  const places: number[] = [];
  for (let i = 0; i < size; i++) {
    if (target[i] === 1 && present.every((fields) => hasAll(fields, i))) places.push(i);
  }
  const vector = (fields: readonly Values[]): Float64Array => {
    const numbers = new Float64Array(places.length * fields.length);
    fields.forEach((field, c) => {
      for (let k = 0; k < places.length; k++) numbers[c * places.length + k] = field[places[k]!]! + 0;
    });
    return numbers;
  };
  return {
    places: places.length,
    observed: vector(targets),
    members: present.map(vector).sort(byValues),
    weights: vector(targets.map(() => weightsOf(leaves, places, size))),
  };
};

const hasAll = (fields: readonly Values[], i: number): boolean => {
  for (const field of fields) if (Number.isNaN(field[i]!)) return false;
  return true;
};

const byValues = (a: Float64Array, b: Float64Array): number => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
};

/** Weight of each place, so that those of `places` are 1 on the mean. */
const weightsOf = (
  { borders, weights, columns }: Leaves,
  places: readonly number[],
  size: number,
): Float64Array => {
  const all = new Float64Array(size);
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    for (let i = borders[leaf]!; i < borders[leaf + 1]!; i++) {
      all[i] = weights[leaf]! * (columns === undefined ? 1 : columns[i - borders[leaf]!]!);
    }
  }
  const [first] = places;
  if (first === undefined || places.every((i) => all[i] === all[first])) return all.fill(1);
  const mean = places.reduce((sum, i) => sum + all[i]!, 0) / places.length;
  return all.map((weight) => weight / mean);
};
