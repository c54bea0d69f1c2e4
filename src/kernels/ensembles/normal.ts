/**
 * The standard normal distribution. The error function is that of FreeBSD's `s_erf.c` (Sun Microsystems 1993: rational
 * approximations on five intervals), to better than one unit in the last place.
 */
const ROOT_HALF = Math.SQRT1_2;
/** 1 / sqrt(2 pi). */
const PEAK = 0.3989422804014327;

/** Density at z. */
export const normalDensity = (z: number): number => PEAK * Math.exp((-z * z) / 2);

/** Probability of a value up to z. */
export const normalProbability = (z: number): number =>
  z < 0 ? erfc(-z * ROOT_HALF) / 2 : 1 - erfc(z * ROOT_HALF) / 2;

const polynomial = (x: number, coefficients: readonly number[]): number => {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
};

/** 1 - erf(x) for x >= 0. */
export const erfc = (x: number): number => {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0.84375) {
    const z = x * x;
    const y = polynomial(z, SMALL[0]) / polynomial(z, SMALL[1]);
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  if (x < 1.25) {
    const s = x - 1;
    return 1 - NEAR_ONE - polynomial(s, MIDDLE[0]) / polynomial(s, MIDDLE[1]);
  }
  if (x >= 28) return 0;
  const s = 1 / (x * x);
  const [above, below] = x < 1 / 0.35 ? LARGE : LARGEST;
  // x^2 exactly, as the square of its upper half and the rest: exp(-x^2) keeps all digits.
  const half = Math.fround(x);
  const rest = polynomial(s, above) / polynomial(s, below);
  return (Math.exp(-half * half - 0.5625) * Math.exp((half - x) * (half + x) + rest)) / x;
};

const NEAR_ONE = 0.8450629115104675;
type Ratio = readonly [readonly number[], readonly number[]];
const SMALL: Ratio = [
  [
    0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
    -2.3763016656650163e-5,
  ],
  [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -3.960228278775368e-6,
  ],
];
const MIDDLE: Ratio = [
  [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
    -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
  ],
  [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
];
const LARGE: Ratio = [
  [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
];
const LARGEST: Ratio = [
  [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
];
