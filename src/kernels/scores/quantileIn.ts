import { sortedQuantile } from "./sortedQuantile.ts";

/**
 * Quantile of some numbers without NaN, as `sortedQuantile` has it of them sorted; reorders them, as little as that
 * needs (quickselect, Hoare 1961, doi:10.1145/366622.366647).
 *
 *     quantileIn(Float64Array.of(4, 1, 2), 0.75) // 3
 */
export const quantileIn = (values: Values, level: number): number => {
  const last = values.length - 1;
  if (last < 0) return Number.NaN;
  const below = Math.min(last, Math.floor(level * last));
  select(values, below);
  // The next one is the least of those that are not less.
  let least = below + 1;
  for (let i = least + 1; i <= last; i++) if (values[i]! < values[least]!) least = i;
  if (least <= last) swap(values, below + 1, least);
  return sortedQuantile(values, level);
};

type Values = Float32Array | Float64Array;

const swap = (values: Values, a: number, b: number): void => {
  const kept = values[a]!;
  values[a] = values[b]!;
  values[b] = kept;
};

/** Brings the number of a rank (from 0 on) to its place: none before it is larger, none after it smaller. */
const select = (values: Values, rank: number): void => {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[middleOf(values, low, high)]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i > j) break;
      swap(values, i, j);
      i += 1;
      j -= 1;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
};

/** Where the median of the medians of three times three places lies: no usual order of a field is bad for it. */
const middleOf = (values: Values, low: number, high: number): number => {
  const step = Math.floor((high - low) / 8);
  if (step === 0) return (low + high) >> 1;
  const three = (at: number): number =>
    medianOf(values, low + at * step, low + (at + 1) * step, low + (at + 2) * step);
  return medianOf(values, three(0), three(3), three(6));
};

const medianOf = (values: Values, a: number, b: number, c: number): number => {
  const [x, y, z] = [values[a]!, values[b]!, values[c]!];
  if (x < y) return y < z ? b : x < z ? c : a;
  return x < z ? a : y < z ? c : b;
};
