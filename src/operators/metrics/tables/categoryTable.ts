/** A square table of K categories: `cells[i * K + j]` is how often forecast category i met target category j. */
export interface CategoryTable {
  readonly cells: readonly number[];
  readonly K: number;
}

interface Margins {
  readonly total: number;
  readonly right: number;
  readonly forecast: readonly number[];
  readonly target: readonly number[];
}

const marginsOf = ({ cells, K }: CategoryTable): Margins => {
  const forecast = new Array<number>(K).fill(0);
  const target = new Array<number>(K).fill(0);
  let right = 0;
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      forecast[i]! += cells[i * K + j]!;
      target[j]! += cells[i * K + j]!;
    }
    right += cells[i * K + i]!;
  }
  return { total: target.reduce((sum, part) => sum + part, 0), right, forecast, target };
};

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, part, k) => sum + part * b[k]!, 0);

/** The share on the diagonal. */
export const categoryAccuracy = (table: CategoryTable): number => {
  const { total, right } = marginsOf(table);
  return right / total;
};

/** (sum p_kk - sum f_k o_k) / (1 - sum f_k o_k). */
export const categoryHeidke = (table: CategoryTable): number => {
  const { total, right, forecast, target } = marginsOf(table);
  const chance = product(forecast, target);
  return (total * right - chance) / (total * total - chance);
};

/** (sum p_kk - sum f_k o_k) / (1 - sum o_k^2). */
export const categoryPeirce = (table: CategoryTable): number => {
  const { total, right, forecast, target } = marginsOf(table);
  return (total * right - product(forecast, target)) / (total * total - product(target, target));
};

/**
 * sum p_ij s_ij with Gerrity's scoring matrix, s_ij = (sum_{r < i} 1 / a_r - (j - i) + sum_{r >= j} a_r) / (K - 1) for
 * i <= j, alike for j < i, and a_r the odds of a target above category r. NaN where the first or last category was not
 * observed.
 */
export const categoryGerrity = ({ cells, K }: CategoryTable): number => {
  const { total, right, target } = marginsOf({ cells, K });
  if (target[0] === 0 || target[K - 1] === 0) return Number.NaN;
  // Both parts are added up: of a part that weighs next to nothing, a difference from the total leaves none.
  const odds = target.slice(1).map((_, r) => {
    const add = (sum: number, part: number): number => sum + part;
    return target.slice(r + 1).reduceRight(add, 0) / target.slice(0, r + 1).reduce(add, 0);
  });
  let score = 0;
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      const [low, high] = i < j ? [i, j] : [j, i];
      let s = low - high;
      for (let r = 0; r < low; r++) s += 1 / odds[r]!;
      for (let r = high; r < K - 1; r++) s += odds[r]!;
      score += (cells[i * K + j]! / total) * (s / (K - 1));
    }
  }
  // A perfect table is perfect to the bit, whatever the sums were rounded to.
  return right === total && Number.isFinite(score) ? 1 : score;
};
