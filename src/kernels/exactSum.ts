/**
 * Sums of float64 numbers that do not depend on the order of addition.
 *
 * A sum is kept as an expansion: a few numbers that do not overlap and whose exact total is the exact total of
 * everything added (Shewchuk 1997, doi:10.1007/PL00009321, grow-expansion; the way of Python's `math.fsum`).
 * `exactValue` rounds that total once, half to even, so any order, grouping or cut of the same numbers gives the
 * same bits. The expansion itself may differ between orders, its value never.
 *
 * Numbers of 2^970 (about 1e292) and more count as infinite, so that no partial total can overflow before 2^53
 * additions. A sum that met an infinity or a NaN is that one number. A state is a plain array of numbers.
 */
export type ExactSum = readonly number[];

/** 2^970. */
const TOO_LARGE = 9.979201547673599e291;
const INFINITE = Number.POSITIVE_INFINITY;

/** Adds `value` to `sum` in place: only for a sum that nobody else holds. */
export const addExact = (sum: number[], value: number): void => {
  const plain = Math.abs(value) < TOO_LARGE;
  const special = sum.length === 1 && !Number.isFinite(sum[0]!);
  if (special || !plain) {
    const met = plain ? value : value > 0 ? INFINITE : value < 0 ? -INFINITE : Number.NaN;
    sum[0] = special ? sum[0]! + met : met;
    sum.length = 1;
    return;
  }
  let x = value;
  let kept = 0;
  for (let i = 0; i < sum.length; i++) {
    const y = sum[i]!;
    const high = x + y;
    const low = Math.abs(x) < Math.abs(y) ? x - (high - y) : y - (high - x);
    if (low !== 0) sum[kept++] = low;
    x = high;
  }
  // To set a length is three times as slow.
  while (sum.length > kept) sum.pop();
  if (x !== 0) sum.push(x);
};

/** The sum of both; neither is changed. */
export const mergeExact = (a: ExactSum, b: ExactSum): number[] => {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  const sum = long.slice();
  for (const value of short) addExact(sum, value);
  return sum;
};

/** The exact total, rounded once. 0 where nothing was added. */
export const exactValue = (sum: ExactSum): number => {
  let i = sum.length - 1;
  if (i < 0) return 0;
  let high = sum[i]!;
  let low = 0;
  while (i > 0 && low === 0) {
    const x = high;
    const y = sum[--i]!;
    high = x + y;
    low = y - (high - x);
  }
  // Exactly half-way: the next smaller part decides the direction.
  if (i > 0 && ((low < 0 && sum[i - 1]! < 0) || (low > 0 && sum[i - 1]! > 0))) {
    const twice = low * 2;
    const up = high + twice;
    if (up - high === twice) high = up;
  }
  return high;
};

/** The sum of some numbers, e.g. `exactValue(exactSum([0.1, 0.2, -0.3]))`. */
export const exactSum = (values: Iterable<number>): number[] => {
  const sum: number[] = [];
  for (const value of values) addExact(sum, value);
  return sum;
};
