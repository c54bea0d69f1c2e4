import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * Student's t distribution with any positive number of degrees of freedom, to about 1e-14 (relative, also in the
 * tails), by the incomplete beta function: P(|T| > t) = I_x(df / 2, 1 / 2), x = df / (df + t^2) (DLMF 8.17,
 * https://dlmf.nist.gov/8.17), which is a continued fraction, by the method of Lentz.
 */

/** P(T <= t). */
export const studentCdf = (t: number, degrees: number): number =>
  t > 0 ? 1 - studentTwoSided(t, degrees) / 2 : studentTwoSided(t, degrees) / 2;

/** P(|T| >= |t|): the p-value of a two-sided test. */
export const studentTwoSided = (t: number, degrees: number): number => {
  if (Number.isNaN(t) || !(degrees > 0)) return Number.NaN;
  if (degrees === Number.POSITIVE_INFINITY) return 2 * normalCdf(-Math.abs(t));
  return shares(Math.abs(t), degrees).outside;
};

/** The t with P(T <= t) = p; NaN outside [0, 1]. */
export const studentQuantile = (p: number, degrees: number): number => {
  if (!(p >= 0 && p <= 1) || !(degrees > 0)) return Number.NaN;
  if (degrees === Number.POSITIVE_INFINITY) return normalQuantile(p);
  const tail = Math.min(p, 1 - p);
  const sign = p < 0.5 ? -1 : 1;
  if (tail === 0) return sign * Number.POSITIVE_INFINITY;
  if (tail === 0.5) return 0;
  // Whichever side is the smaller is solved for, so that no digits are lost.
  const central = tail > 0.25;
  const wanted = central ? 1 - 2 * tail : 2 * tail;
  const missed = (t: number): number => {
    const { inside, outside } = shares(t, degrees);
    return central ? inside - wanted : wanted - outside;
  };
  let low = 0;
  let high = 1;
  while (missed(high) < 0 && high < 1e300) {
    low = high;
    high *= 2;
  }
  let t = Math.min(high, Math.max(low, -normalQuantile(tail)));
  for (let i = 0; i < 200; i++) {
    const miss = missed(t);
    if (miss === 0) break;
    if (miss < 0) low = t;
    else high = t;
    const step = t - miss / (2 * density(t, degrees));
    const next = step > low && step < high ? step : low + (high - low) / 2;
    if (Math.abs(next - t) <= 2e-16 * t) break;
    t = next;
  }
  return sign * t;
};

/** P(|T| < t) and P(|T| > t), each to the digits it has. */
const shares = (t: number, degrees: number): { inside: number; outside: number } => {
  if (t === 0) return { inside: 0, outside: 1 };
  if (t === Number.POSITIVE_INFINITY) return { inside: 1, outside: 0 };
  const a = degrees / 2;
  const ratio = (t / degrees) * t;
  const x = 1 / (1 + ratio);
  const y = ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio);
  const front = (Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(y) * gammaRatio(a)) / Math.sqrt(Math.PI);
  if (x < (a + 1) / (a + 2.5)) {
    const outside = front / fraction(x, y, a, 0.5);
    return { inside: 1 - outside, outside };
  }
  const inside = front / fraction(y, x, 0.5, a);
  return { inside, outside: 1 - inside };
};

const density = (t: number, degrees: number): number =>
  (gammaRatio(degrees / 2) / Math.sqrt(Math.PI * degrees)) *
  Math.exp((-(degrees + 1) / 2) * Math.log1p((t / degrees) * t));

/** gamma(a + 1/2) / gamma(a): carried up by its recurrence, then by its series for large a (DLMF 5.11.13). */
const gammaRatio = (a: number): number => {
  let factor = 1;
  let b = a;
  for (; b < 24; b += 1) factor *= b / (b + 0.5);
  const r = 1 / (b * b);
  const series = (-1 / 8 + (1 / 192 + (-1 / 640 + (17 / 14336 - (31 / 18432) * r) * r) * r) * r) / b;
  return factor * Math.sqrt(b) * Math.exp(series);
};

/**
 * The continued fraction of x^a y^b / (B(a, b) I_x(a, b)), y = 1 - x: in both of them, so that nothing cancels where a
 * is large and x near 1 (Didonato and Morris 1992, doi:10.1145/131766.131776, their BFRAC).
 */
const fraction = (x: number, y: number, a: number, b: number): number => {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  const shift = a * y - b * x + 1;
  let result = away((a * shift) / (a + 1));
  let c = result;
  let d = 0;
  for (let m = 1; m <= 10_000; m++) {
    const width = a + 2 * m - 1;
    const above = ((((a + m - 1) * (a + b + m - 1)) / width) * (m * (b - m) * x * x)) / width;
    const below = m + (m * (b - m) * x) / width + ((a + m) * (shift + m * (2 - x))) / (width + 2);
    d = 1 / away(below + above * d);
    c = away(below + above / c);
    const change = c * d;
    result *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
};
