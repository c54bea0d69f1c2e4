import type { FieldSample } from "./fieldSample.ts";

/**
 * Variogram score of one field: the sum over ordered pairs of places of w_i w_j (|o_i - o_j|^p - mean |x_i - x_j|^p)^2. Costs
 * as many steps as places squared times members.
 */
export const variogramOf = ({ observed, members, weights }: FieldSample, order: number): number => {
  const size = observed.length;
  let score = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const truth = power(Math.abs(observed[i]! - observed[j]!), order);
      let excess = 0; // of the members, so that equal ones add up to exactly none
      for (let m = 0; m < members.length; m++) {
        excess += power(Math.abs(members[m]![i]! - members[m]![j]!), order) - truth;
      }
      const difference = excess / members.length;
      score += 2 * weights[i]! * weights[j]! * difference * difference;
    }
  }
  return score;
};

const power = (value: number, order: number): number => {
  if (order === 0.5) return Math.sqrt(value);
  if (order === 1) return value;
  if (order === 2) return value * value;
  return value === 0 ? 0 : Math.exp(order * Math.log(value));
};
