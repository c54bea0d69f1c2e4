/**
 * The sum of numbers in the order of array libraries: eight lanes of up to 128 numbers, halves above that, so that the
 * rounding of equal data is equal to theirs (Higham 1993, doi:10.1137/0914050). What is added twice in one order is
 * equal to the bit, which intervals that count replicates below a value rest on.
 */
export const pairwiseSum = (values: Float64Array): number => {
  const n = values.length;
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half));
  }
  let rest = 0;
  let sum = 0;
  if (n >= 8) {
    const r = values.slice(0, 8);
    for (rest = 8; rest + 8 <= n; rest += 8) for (let k = 0; k < 8; k++) r[k]! += values[rest + k]!;
    sum = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!));
  }
  for (; rest < n; rest++) sum += values[rest]!;
  return sum;
};
