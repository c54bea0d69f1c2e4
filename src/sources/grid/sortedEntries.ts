/** Values of an axis in ascending order, each with the index at which the store has it. */
export interface Entries {
  readonly values: Float64Array;
  readonly indices: Int32Array;
}

/** Equal values keep the order of the store. */
export const sortedEntries = (values: ArrayLike<number>): Entries => {
  const count = values.length;
  const indices = new Int32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  let sorted = true;
  for (let i = 1; i < count && sorted; i++) sorted = values[i - 1]! <= values[i]!;
  if (sorted) return { values: new Float64Array(values), indices };
  indices.sort((a, b) => values[a]! - values[b]! || a - b);
  return { values: Float64Array.from(indices, (index) => values[index]!), indices };
};

/** Entries without those equal to an earlier one, and how many those were. */
export const withoutRepeats = ({ values, indices }: Entries): { entries: Entries; repeats: number } => {
  const keep = Array.from(values, (value, i) => i === 0 || value !== values[i - 1]);
  const entries = { values: values.filter((_, i) => keep[i]), indices: indices.filter((_, i) => keep[i]) };
  return { entries, repeats: values.length - entries.values.length };
};

/** Position of the first value that is not below `value`. */
export const lowerBound = (values: ArrayLike<number>, value: number): number => {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
