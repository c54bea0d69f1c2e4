/** `Allowance`: what the machine allows, and who says so. The least of all bounds holds. */

/** One bound: bytes or cores, and the words that `ewb plan` shows for it. */
export interface Bound {
  readonly amount: number;
  readonly from: string;
}

export interface Allowance<B extends Bound = Bound> {
  /** The least of all bounds. */
  readonly limit: number;
  readonly from: string;
  /** Every bound that was found, the least first. */
  readonly all: readonly B[];
}

/**
 * The least of `bounds`; of equal ones the first. Amounts that are no number, or not above zero, are left out.
 * @example leastOf([{ amount: 8, from: "affinity" }, { amount: 2, from: "NCPUS" }]).from // "NCPUS"
 */
export const leastOf = <B extends Bound>(bounds: readonly B[]): Allowance<B> => {
  const all = bounds
    .filter(({ amount }) => Number.isFinite(amount) && amount > 0)
    .sort((a, b) => a.amount - b.amount);
  const least = all[0];
  return { limit: least?.amount ?? 0, from: least?.from ?? "nothing known", all };
};
