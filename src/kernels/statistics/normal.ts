/**
 * The standard normal distribution, to the rounding of float64 (relative, in both tails).
 *
 * Distribution function by Cody's rational Chebyshev approximations of erf and erfc (Cody 1969,
 * doi:10.1090/S0025-5718-1969-0247736-4); inverse by Wichura's algorithm AS 241, PPND16 (Wichura 1988,
 * doi:10.2307/2347330).
 */

const ROOT_HALF = Math.SQRT1_2;

/** P(Z <= z). */
export const normalCdf = (z: number): number => complement(-z * ROOT_HALF) / 2;

/** The z with P(Z <= z) = p; -Infinity at 0, Infinity at 1, NaN outside. */
export const normalQuantile = (p: number): number => {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE, r)) / polynomial(CENTRE_BELOW, r);
  }
  const root = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z =
    root <= 5
      ? polynomial(MIDDLE, root - 1.6) / polynomial(MIDDLE_BELOW, root - 1.6)
      : polynomial(FAR, root - 5) / polynomial(FAR_BELOW, root - 5);
  return q < 0 ? -z : z;
};

/** erfc(x) = 1 - erf(x). */
const complement = (x: number): number => {
  const y = Math.abs(x);
  if (Number.isNaN(y)) return Number.NaN;
  if (y > 27) return x < 0 ? 2 : 0;
  if (y <= 0.46875) {
    const square = y * y;
    const above = ((((A[4]! * square + A[0]!) * square + A[1]!) * square + A[2]!) * square + A[3]!) * x;
    const below = (((square + B[0]!) * square + B[1]!) * square + B[2]!) * square + B[3]!;
    return 1 - above / below;
  }
  const tail = y <= 4 ? scaled(y, C, D) : far(y);
  // exp(-y^2) in two factors, so that the rounding of the square is not multiplied.
  const short = Math.trunc(y * 16) / 16;
  const upper = tail * Math.exp(-short * short) * Math.exp(-(y - short) * (y + short));
  return x < 0 ? 2 - upper : upper;
};

const scaled = (y: number, above: readonly number[], below: readonly number[]): number => {
  let top = above[8]! * y;
  let bottom = y;
  for (let i = 0; i < 7; i++) {
    top = (top + above[i]!) * y;
    bottom = (bottom + below[i]!) * y;
  }
  return (top + above[7]!) / (bottom + below[7]!);
};

const far = (y: number): number => {
  const square = 1 / (y * y);
  let top = P[5]! * square;
  let bottom = square;
  for (let i = 0; i < 4; i++) {
    top = (top + P[i]!) * square;
    bottom = (bottom + Q[i]!) * square;
  }
  return (0.5641895835477563 - (square * (top + P[4]!)) / (bottom + Q[4]!)) / y;
};

/** Coefficients from the constant on. */
const polynomial = (coefficients: readonly number[], x: number): number => {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
};

const A: readonly number[] = [
  3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315,
];
const B: readonly number[] = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const C: readonly number[] = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const D: readonly number[] = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const P: readonly number[] = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const Q: readonly number[] = [
  2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];
const CENTRE: readonly number[] = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW: readonly number[] = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const MIDDLE: readonly number[] = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_BELOW: readonly number[] = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR: readonly number[] = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_BELOW: readonly number[] = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
