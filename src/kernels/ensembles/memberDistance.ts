/** Distances of two ensembles at a place, integrals over the unit of the variable. */
export interface MemberDistance {
  /** Integral |F - G|. */
  wasserstein: number;
  /** E|X - Y|: integral F (1 - G) + G (1 - F). */
  mutual: number;
  /** sum_ij |x_i - x_j| / 2 of the first and of the second ensemble. */
  first: number;
  second: number;
}

/**
 * Walks up two sorted lists at once: `p` numbers of `x` from `i` on, `q` numbers of `y` from `j` on. Writes into
 * `distance`, so that nothing is made for each place.
 */
export const memberDistance = (
  x: Float64Array,
  i: number,
  p: number,
  y: Float64Array,
  j: number,
  q: number,
  distance: MemberDistance,
): void => {
  let wasserstein = 0;
  let mutual = 0;
  let first = 0;
  let second = 0;
  let k = 0;
  let l = 0;
  let last = Math.min(x[i]!, y[j]!);
  while (k < p || l < q) {
    const isFirst = l === q || (k < p && x[i + k]! <= y[j + l]!);
    const value = isFirst ? x[i + k]! : y[j + l]!;
    const gap = value - last;
    if (gap > 0) {
      wasserstein += gap * Math.abs(k * q - l * p);
      mutual += gap * (k * (q - l) + l * (p - k));
      first += gap * k * (p - k);
      second += gap * l * (q - l);
    }
    last = value;
    if (isFirst) k += 1;
    else l += 1;
  }
  distance.wasserstein = wasserstein / (p * q);
  distance.mutual = mutual / (p * q);
  distance.first = first;
  distance.second = second;
};
