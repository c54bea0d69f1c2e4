/**
 * Sorting by counting: the key columns from the last to the first, each by the digits that vary in it, of 11 bits. No
 * comparison, no object a row; a digit that is in order already costs one look at it.
 */

/** A column to sort by: its words, and for texts what each word counts. */
export interface SortKey {
  readonly width: 1 | 2;
  readonly words: Uint32Array;
  readonly ranks: Uint32Array | undefined;
}

/** Bytes a row needs to be sorted. */
export const sortBytes = 12;

const digit = 11;
const bins = 1 << digit;

/**
 * The rows in the order of the keys (null, numbers, NaN; texts by rank; equal ones as they came), and the keys that are
 * not the same in all of them.
 */
export const sortedOrder = (
  keys: readonly SortKey[],
  length: number,
): { order: Uint32Array; varying: SortKey[] } => {
  let order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  let spare = new Uint32Array(length);
  const values = new Uint32Array(length);
  const counts = new Uint32Array(bins);
  const varying: SortKey[] = [];
  for (const key of keys.toReversed()) {
    let varies = false;
    for (const part of key.width === 1 ? ([rankWords] as const) : ([lowWords, highWords] as const)) {
      part(key, values);
      const bits = varyingBits(values);
      varies ||= bits !== 0;
      for (let shift = lowestBit(bits); shift < 32 && bits >>> shift !== 0; shift += digit) {
        if (pass(values, order, spare, shift, counts)) [order, spare] = [spare, order];
      }
    }
    if (varies) varying.unshift(key);
  }
  return { order, varying };
};

const rankWords = ({ words, ranks }: SortKey, to: Uint32Array): void => {
  for (let row = 0; row < to.length; row++) to[row] = ranks === undefined ? words[row]! : ranks[words[row]!]!;
};

// A float64 is ordered as its bits are, after the sign bit is turned and, below zero, all others: null comes first.
const negativeZero = 0x8000_0000;

const lowWords = ({ words }: SortKey, to: Uint32Array): void => {
  for (let row = 0; row < to.length; row++) {
    const [low, high] = [words[2 * row]!, words[2 * row + 1]!];
    to[row] = high >= negativeZero && !(high === negativeZero && low === 0) ? ~low : low;
  }
};

const highWords = ({ words }: SortKey, to: Uint32Array): void => {
  for (let row = 0; row < to.length; row++) {
    const [low, high] = [words[2 * row]!, words[2 * row + 1]!];
    to[row] = high >= negativeZero && !(high === negativeZero && low === 0) ? ~high : high | negativeZero;
  }
};

const varyingBits = (values: Uint32Array): number => {
  let bits = 0;
  for (let row = 1; row < values.length; row++) bits |= values[row]! ^ values[0]!;
  return bits >>> 0;
};

const lowestBit = (bits: number): number => (bits === 0 ? 32 : 31 - Math.clz32(bits & -bits));

/** Sorts `order` by one digit into `to`; false: it was in order already. */
const pass = (
  values: Uint32Array,
  order: Uint32Array,
  to: Uint32Array,
  shift: number,
  counts: Uint32Array,
): boolean => {
  counts.fill(0);
  let isSorted = true;
  let last = 0;
  for (let i = 0; i < order.length; i++) {
    const found = (values[order[i]!]! >>> shift) & (bins - 1);
    counts[found]!++;
    if (found < last) isSorted = false;
    last = found;
  }
  if (isSorted) return false;
  let start = 0;
  for (let bin = 0; bin < bins; bin++) {
    const count = counts[bin]!;
    counts[bin] = start;
    start += count;
  }
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const found = (values[row]! >>> shift) & (bins - 1);
    to[counts[found]!++] = row;
  }
  return true;
};
