import { EwbError } from "../../model/errors.ts";

/** A threshold-weighted error of a forecast and an observation. */
export interface ThresholdWeighting {
  absolute(forecast: number, observation: number): number;
  squared(forecast: number, observation: number): number;
}

/**
 * Errors that look at a range of values only: weight 1 on `one` = [b, c), rising from 0 on a trapezoid's
 * `positive` = [a, d). Absolute: |G(f) - G(o)|; squared: 1/2 (phi(o) - phi(f) - 4 G(f) (o - f)), G the
 * antiderivative of the weight, phi four times that of G.
 * Taggart 2022, doi:10.1002/qj.4206; the formulas of the package `scores`, which the peer uses.
 *
 * Throws `Options` where an interval has no length, or an end of the trapezoid is infinite without its partner.
 */
export const thresholdWeighting = (
  metric: string,
  one: readonly [number, number],
  positive?: readonly [number, number],
): ThresholdWeighting => {
  const [b, c] = one;
  const [a, d] = positive ?? one;
  if (one.length !== 2 || !(b < c)) {
    throw new EwbError(
      "Options",
      `${metric}: intervalWhereOne is [${one.join(", ")}]; expected two numbers, the left below the right.`,
    );
  }
  if (positive !== undefined) {
    const left = a === b ? a === Number.NEGATIVE_INFINITY : a < b && a !== Number.NEGATIVE_INFINITY;
    const right = c === d ? d === Number.POSITIVE_INFINITY : c < d && d !== Number.POSITIVE_INFINITY;
    if (positive.length !== 2 || !left || !right) {
      throw new EwbError(
        "Options",
        `${metric}: intervalWherePositive is [${positive.join(", ")}]; expected an interval around [${one.join(", ")}], infinite only where that is.`,
      );
    }
  }
  return {
    absolute: (f, o) => {
      const g = antiderivatives(ends(f, o, a, b, c, d));
      return Math.abs(g.first(f) - g.first(o));
    },
    squared: (f, o) => {
      const g = antiderivatives(ends(f, o, a, b, c, d));
      return 2 * (g.second(o) - g.second(f) - g.first(f) * (o - f));
    },
  };
};

type Ends = readonly [a: number, b: number, c: number, d: number];

/** Infinite ends lie just outside the values: that changes no difference. */
const ends = (f: number, o: number, a: number, b: number, c: number, d: number): Ends => {
  const low = Math.min(f, o) - 1;
  const high = Math.max(f, o) + 1;
  return [
    a === Number.NEGATIVE_INFINITY ? Math.min(low, c === Number.POSITIVE_INFINITY ? low : c - 1) : a,
    b === Number.NEGATIVE_INFINITY ? Math.min(low, c === Number.POSITIVE_INFINITY ? low : c - 1) : b,
    c === Number.POSITIVE_INFINITY ? Math.max(high, b === Number.NEGATIVE_INFINITY ? high : b + 1) : c,
    d === Number.POSITIVE_INFINITY ? Math.max(high, b === Number.NEGATIVE_INFINITY ? high : b + 1) : d,
  ];
};

/** G, and the antiderivative of G, both 0 at and below a. */
const antiderivatives = ([a, b, c, d]: Ends) => {
  const rise = b - a;
  const fall = d - c;
  const top = (d + c - a - b) / 2;
  const first = (x: number): number => {
    if (x < a) return 0;
    if (x < b) return ((x - a) * (x - a)) / (2 * rise);
    if (x < c) return x - (a + b) / 2;
    return x < d ? top - ((d - x) * (d - x)) / (2 * fall) : top;
  };
  const atB = (rise * rise) / 6;
  const plateau = (x: number): number => atB + ((x - b) * (x + b - a - b)) / 2;
  const atC = plateau(c);
  const cube = (x: number): number => x * x * x;
  const slope = (x: number): number =>
    atC + top * (x - c) + (fall === 0 ? 0 : (cube(d - x) - cube(fall)) / (6 * fall));
  const second = (x: number): number => {
    if (x < a) return 0;
    if (x < b) return cube(x - a) / (6 * rise);
    if (x < c) return plateau(x);
    return x < d ? slope(x) : slope(d) + top * (x - d);
  };
  return { first, second };
};
