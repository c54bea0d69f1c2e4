import type { Values } from "../../model/field.ts";
import { addExact, type ExactSum, mergeExact } from "../exactSum.ts";
import type { Leaves } from "../leafTotal.ts";

/** Weighted sums over the places of one group. */
export interface Group {
  readonly n: number;
  readonly weight: ExactSum;
  /** One a score, in their order. */
  readonly sums: readonly ExactSum[];
}

/** Groups by what names them: the number of a bin, a probability. */
export type Groups = ReadonlyMap<number, Group>;

/**
 * Sums of scores by group. `indices` says which of `names` a place belongs to (negative: none, the place is missing);
 * scores are present wherever it belongs to one. A leaf is added up group by group from its first place to its last,
 * leaf sums exactly. Groups without a place are left out.
 *
 *     groupTotal(Int32Array.of(0, 1, 0), [0.1, 0.2], [], leaves).get(0.1) // { n: 2, … }
 */
export const groupTotal = (
  indices: Int32Array,
  names: ArrayLike<number>,
  scores: readonly Values[],
  { borders, weights, columns }: Leaves,
): Groups => {
  const kinds = scores.length;
  const counts = new Float64Array(names.length);
  const parts = new Float64Array(names.length * (kinds + 1));
  const totals: { n: number; weight: number[]; sums: number[][] }[] = [];
  const touched: number[] = [];
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    touched.length = 0;
    for (let i = start; i < stop; i++) {
      const g = indices[i]!;
      if (g < 0) continue;
      if (counts[g] === 0) touched.push(g);
      counts[g]! += 1;
      const column = columns === undefined ? 1 : columns[i - start]!;
      const at = g * (kinds + 1);
      parts[at]! += column;
      for (let k = 0; k < kinds; k++) parts[at + 1 + k]! += column * scores[k]![i]!;
    }
    const w = weights[leaf]!;
    for (const g of touched) {
      totals[g] ??= { n: 0, weight: [], sums: scores.map(() => []) };
      const total = totals[g];
      const at = g * (kinds + 1);
      total.n += counts[g]!;
      addExact(total.weight, w * parts[at]!);
      for (let k = 0; k < kinds; k++) addExact(total.sums[k]!, w * parts[at + 1 + k]!);
      counts[g] = 0;
      parts.fill(0, at, at + kinds + 1);
    }
  }
  const groups = new Map<number, Group>();
  totals.forEach((total, g) => void groups.set(names[g]!, total));
  return groups;
};

/** The groups of both; neither is changed. */
export const mergeGroups = (a: Groups, b: Groups): Groups => {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [name, group] of b) {
    const other = merged.get(name);
    merged.set(
      name,
      other === undefined
        ? group
        : {
            n: other.n + group.n,
            weight: mergeExact(other.weight, group.weight),
            sums: other.sums.map((sum, k) => mergeExact(sum, group.sums[k]!)),
          },
    );
  }
  return merged;
};
