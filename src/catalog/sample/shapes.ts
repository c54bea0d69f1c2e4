/**
 * Smooth shapes made of +, -, * and / only, whose results IEEE 754 fixes to the last bit. Sine, power and
 * exponential of the language may differ between versions and would make another sample.
 */

/** 0 up to 0, 1 from 1 on, and two continuous derivatives between (Perlin 2002, doi:10.1145/566654.566636). */
export const smoothStep = (x: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * x * (x * (x * 6 - 15) + 10);
};

/** 1 in the middle, 0 from a squared distance of 1 on. */
export const hump = (squaredDistance: number): number => {
  const rest = 1 - squaredDistance;
  return rest <= 0 ? 0 : rest * rest;
};

/** Cosine of a full turn times `turns`, after Bhaskara I: off by less than 0.002. */
export const cosineOfTurns = (turns: number): number => {
  const x = turns + 0.25 - Math.floor(turns + 0.25);
  const half = x < 0.5 ? 2 * x : 2 * x - 1;
  const arch = 4 * half * (1 - half);
  const sine = (4 * arch) / (5 - arch);
  return x < 0.5 ? sine : -sine;
};
