import { addExact, type ExactSum } from "../exactSum.ts";

/**
 * Products without rounding: a b = h + l, h the rounded product and l what rounding lost, itself a float64
 * (Dekker 1971, doi:10.1007/BF01397083, with Veltkamp's splitting, so that no fused operation is needed). Exact
 * while h lies between about 1e-290 and 1e290; beyond that l is taken to be 0.
 */
export const productLow = (a: number, b: number, high: number): number => {
  const p = SPLIT * a;
  const aHigh = p - (p - a);
  const aLow = a - aHigh;
  const q = SPLIT * b;
  const bHigh = q - (q - b);
  const bLow = b - bHigh;
  const low = aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return Number.isFinite(low) ? low : 0;
};

/** 2^27 + 1. */
const SPLIT = 134_217_729;

/** Adds a b to an exact sum in place: only for a sum that nobody else holds. */
export const addProduct = (sum: number[], a: number, b: number): void => {
  const high = a * b;
  if (high === 0) return;
  addExact(sum, high);
  const low = productLow(a, b, high);
  if (low !== 0) addExact(sum, low);
};

/** The product of two exact sums, e.g. of (sum of w) and (sum of w x^2). */
export const exactProduct = (a: ExactSum, b: ExactSum): number[] => {
  const product: number[] = [];
  for (const x of a) for (const y of b) addProduct(product, x, y);
  return product;
};
