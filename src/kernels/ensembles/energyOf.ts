import type { FieldSample } from "./fieldSample.ts";

/** Parts of the energy score of one field: mean distance of the members from the target, and among them. */
export interface Energy {
  /** mean |x_i - o| in the Euclidean norm, squares weighted. */
  readonly error: number;
  /** sum_ij |x_i - x_j| / 2, to be divided by M (M - 1) or M^2. */
  readonly among: number;
}

export const energyOf = ({ observed, members, weights }: FieldSample): Energy => {
  let error = 0;
  let among = 0;
  for (let i = 0; i < members.length; i++) {
    error += distance(members[i]!, observed, weights);
    for (let j = 0; j < i; j++) among += distance(members[i]!, members[j]!, weights);
  }
  return { error: error / members.length, among };
};

const distance = (a: Float64Array, b: Float64Array, weights: Float64Array): number => {
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    squares += weights[i]! * difference * difference;
  }
  return Math.sqrt(squares);
};
