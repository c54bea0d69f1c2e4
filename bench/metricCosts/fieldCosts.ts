/** What each metric of fields is measured with, and the loop one would write for it. */

import { normals, type PairName } from "./benchPairs.ts";
import { built as M } from "./builtMetrics.ts";
import { distances } from "./distanceLoop.ts";
import { amounts, objects } from "./objectLoops.ts";
import { both, error, type PlainLoop, plainLoop } from "./plainLoop.ts";
import { centres, fractions, nearby } from "./spatialLoops.ts";

/** A metric, the pair it is measured on and the loop it is measured by; undefined: there is no plain one. */
export type Cost = readonly [metric: any, loop: PlainLoop | undefined, on?: PairName];

const t = (make: any, options?: object): any => make("t", options);

const means = plainLoop(`${both} a += x; b += y;`);
const collected = plainLoop(
  `${both} X[n0] = x; Y[n0++] = y;`,
  "const X = new Float64Array(f.length), Y = new Float64Array(f.length); let n0 = 0;",
  "$a = X.slice(0, n0); $b = Y.slice(0, n0);",
);
const moments = plainLoop(`${both} a += x; b += y; d += x * x; g += y * y; h += x * y;`);
const anomalies = plainLoop(
  "const x = f[i] - c[i], y = o[i] - c[i]; if (x !== x || y !== y) continue; n++; a += x; b += y; d += x * x; g += y * y; h += x * y;",
);
const squared = plainLoop(`${error} a += e * e;`);
const table = plainLoop(`${both} if (x >= 290) y >= 290 ? a++ : b++; else y >= 290 ? d++ : g++;`);
const extremes = plainLoop(
  "const x = f[i], y = o[i]; if (x === x) { if (x < lx) lx = x; if (x > hx) hx = x; } if (y === y) { if (y < ly) ly = y; if (y > hy) hy = y; }",
  "let lx = Infinity, hx = -Infinity, ly = Infinity, hy = -Infinity;",
  "$a = hx - hy; $b = lx - ly;",
);
const clip = "const G = (v) => (v < 285 ? 285 : v > 295 ? 295 : v);";
const clipped =
  "const x = f[i], y = o[i]; const X = x < 285 ? 285 : x > 295 ? 295 : x, Y = y < 285 ? 285 : y > 295 ? 295 : y, e = X - Y; if (e !== e) continue; n++;";
const apart = "const D = 0.5 * e * e + (e === 0 ? 0 : Math.abs(e) * Math.abs(y - Y));";
const three = "for (let k = 0; k < 3; k++)";

const interval = { interval: ["285 K", "295 K"] };
const above = { above: "290 K" };

/** Scores of tables of one threshold, all of which share the same counts. */
const tables = [
  ...[M.hits, M.misses, M.falseAlarms, M.correctNegatives, M.contingencyTable],
  ...[M.accuracy, M.baseRate, M.forecastRate, M.frequencyBias, M.hitRate, M.falseAlarmRatio, M.f1Score],
  ...[M.successRatio, M.probabilityOfFalseDetection, M.specificity, M.negativePredictiveValue],
  ...[M.criticalSuccessIndex, M.equitableThreatScore, M.heidkeSkillScore, M.peirceSkillScore],
  ...[M.matthewsCorrelation, M.oddsRatio, M.oddsRatioSkillScore, M.extremalDependenceIndex],
  ...[M.extremeDependencyScore, M.symmetricExtremalDependenceIndex, M.symmetricExtremeDependencyScore],
] as readonly any[];

export const fieldCosts: readonly Cost[] = [
  [t(M.meanError), plainLoop(`${error} a += e;`)],
  [t(M.meanAbsoluteError), plainLoop(`${error} a += Math.abs(e);`)],
  [t(M.meanSquaredError), squared],
  [t(M.rootMeanSquaredError), squared],
  [
    t(M.meanAbsoluteError, { circular: "360 K" }),
    plainLoop(`${error} const q = Math.abs(e) % 360; a += q > 180 ? 360 - q : q;`),
  ],
  [
    t(M.rootMeanSquaredError, { given: { above: "290 K", side: "either" } }),
    plainLoop(`${both} if (x < 290 && y < 290) continue; d++; a += (x - y) * (x - y);`),
  ],
  [
    t(M.meanError, { given: { below: normals, strictly: true } }),
    plainLoop(`${both} if (!(y < c[i])) continue; d++; a += x - y;`),
  ],
  [t(M.errorStandardDeviation), plainLoop(`${error} a += e; b += e * e;`)],
  [t(M.percentBias), means],
  [t(M.multiplicativeBias), means],
  [t(M.meanAbsolutePercentageError), plainLoop(`${error} a += Math.abs(e / o[i]);`)],
  [
    t(M.symmetricMeanAbsolutePercentageError),
    plainLoop(`${both} a += Math.abs(x - y) / (Math.abs(x) + Math.abs(y));`),
  ],
  [t(M.pearsonCorrelation), moments],
  [t(M.klingGuptaEfficiency), moments],
  [t(M.nashSutcliffeEfficiency), plainLoop(`${both} a += y; b += y * y; d += (x - y) * (x - y);`)],
  [t(M.anomalyCorrelation, { climatology: normals }), anomalies],
  [t(M.forecastActivity, { climatology: normals }), anomalies],
  [t(M.spearmanCorrelation), collected],
  [t(M.quantile, { levels: [0.5, 0.9] }), collected],
  [t(M.quantileQuantile, { levels: [0.5, 0.9] }), collected],
  [
    t(M.medianAbsoluteError),
    plainLoop(
      `${error} X[n0++] = Math.abs(e);`,
      "const X = new Float64Array(f.length); let n0 = 0;",
      "$a = X.slice(0, n0);",
    ),
  ],
  [t(M.quantileScore, { level: 0.9 }), plainLoop(`${error} a += e > 0 ? 0.1 * e : -0.9 * e;`)],
  [t(M.expectileScore, { level: 0.9 }), plainLoop(`${error} a += (e > 0 ? 0.1 : 0.9) * e * e;`)],
  [
    t(M.huberScore, { limit: "1 K" }),
    plainLoop(`${error} const q = Math.abs(e); a += q <= 1 ? 0.5 * q * q : q - 0.5;`),
  ],
  [t(M.thresholdWeightedAbsoluteError, interval), plainLoop(`${clipped} a += Math.abs(e);`)],
  [
    t(M.thresholdWeightedQuantileScore, { ...interval, level: 0.9 }),
    plainLoop(`${clipped} a += e > 0 ? 0.1 * e : -0.9 * e;`),
  ],
  [t(M.thresholdWeightedSquaredError, interval), plainLoop(`${clipped} ${apart} a += 2 * D;`)],
  [
    t(M.thresholdWeightedExpectileScore, { ...interval, level: 0.9 }),
    plainLoop(`${clipped} ${apart} a += (x > y ? 0.2 : 1.8) * D;`),
  ],
  [
    t(M.thresholdWeightedHuberScore, { ...interval, limit: "1 K" }),
    plainLoop(
      `${both} const s = x - y, z = s > 1 ? 1 : s < -1 ? -1 : s, p = y + z, P = G(p), Y = G(y), e = P - Y; ${apart} a += D + z * (G(x) - P);`,
      clip,
    ),
  ],
  [
    t(M.firmScore, { thresholds: ["280 K", "285 K", "290 K"], risk: 0.7 }),
    plainLoop(
      `${both} ${three} { const above = x > T[k]; if (above !== y > T[k]) above ? (a += 0.3) : (b += 0.7); }`,
      "const T = [280, 285, 290];",
    ),
  ],
  [
    t(M.elementaryScore, { thetas: ["280 K", "285 K", "290 K"] }),
    plainLoop(
      `${both} ${three} { const above = x > T[k]; if (above !== y > T[k]) above ? (p[k] += w[row]) : (q[k] += w[row]); }`,
      "const T = [280, 285, 290], p = new Float64Array(3), q = new Float64Array(3);",
    ),
  ],
  [
    t(M.exceedanceFrequency, { above: ["280 K", "285 K", "290 K"] }),
    plainLoop(
      `${both} ${three} { if (x >= T[k]) p[k] += w[row]; if (y >= T[k]) q[k] += w[row]; }`,
      "const T = [280, 285, 290], p = new Float64Array(3), q = new Float64Array(3);",
    ),
  ],
  [t(M.percentWithin, { tolerance: "1 K" }), plainLoop(`${error} if (Math.abs(e) <= 1) a++;`)],
  [
    t(M.errorExceedance, { thresholds: ["1 K", "2 K"] }),
    plainLoop(`${error} if (Math.abs(e) > 1) a++; if (Math.abs(e) > 2) b++;`),
  ],
  [
    M.windVectorRootMeanSquaredError<any>("t", "v"),
    plainLoop(
      "const x = f[i] - o[i], y = vf[i] - vo[i], q = x * x + y * y; if (q !== q) continue; n++; a += q;",
      "const [vf, vo] = other.v;",
    ),
  ],
  [t(M.maximumError), extremes],
  [t(M.minimumError), extremes],
  [t(M.relativeIntensity), means],
  [t(M.maximumMeanAbsoluteError), means],
  [t(M.minimumMeanAbsoluteError), means],
  [t(M.maximumLowestMeanAbsoluteError), means],
  [t(M.durationMeanError, above), means],
  [t(M.onsetMeanError, above), means],
  [t(M.earlySignal, above), plainLoop("const x = f[i]; if (x !== x) continue; n++; if (x >= 290) a++;")],
  [t(M.flipFlopIndex), plainLoop("X[i] = f[i];", "const X = new Float64Array(f.length);", "$a = X;")],
  ...tables.map((make): Cost => [t(make, above), table]),
  [t(M.thresholdMetrics, { ...above, scores: ["hits", "f1Score"] }), table],
  [
    t(M.gerritySkillScore, { edges: ["-Infinity K", "280 K", "290 K", "Infinity K"] }),
    plainLoop(
      `${both} T[3 * ((x >= 280 ? 1 : 0) + (x >= 290 ? 1 : 0)) + (y >= 280 ? 1 : 0) + (y >= 290 ? 1 : 0)]++;`,
      "const T = new Float64Array(9);",
    ),
  ],
  [
    t(M.seeps, {
      dryProbability: { ...normals, variable: "p", unit: "1" },
      heavyThreshold: normals,
      dryThreshold: "280 K",
    }),
    plainLoop(
      `${both.replace("n++;", "")} const q = c[i], p = P[i]; if (q !== q || !(p >= 0.1 && p <= 0.85)) continue; n++;
      const r = x <= 280 ? 0 : x <= q ? 1 : 2, s = y <= 280 ? 0 : y <= q ? 1 : 2;
      if (r === s) continue;
      a += r === 0 ? (s === 1 ? 0.5 : 2) / (1 - p) : r === 1 ? (s === 0 ? 0.5 / p : 1.5 / (1 - p)) : (s === 0 ? 0.5 / p : 0) + 1.5 / (2 + p);`,
      "const [P] = other.p;",
    ),
  ],
  [
    M.riskMatrixScore<any>(["e", "e2"], {
      probabilityThresholds: [0.3, 0.6],
      matrix: [
        [1, 2],
        [2, 3],
      ],
    }),
    plainLoop(
      `const p = pe[i], q = pg[i], y = oe[i], z = og[i]; if (p !== p || q !== q || y !== y || z !== z) continue; n++;
      if (y >= 0.5) { if (p < 0.3) a += 0.7; if (p < 0.6) a += 0.8; } else { if (p >= 0.3) a += 0.3; if (p >= 0.6) a += 1.2; }
      if (z >= 0.5) { if (q < 0.3) a += 1.4; if (q < 0.6) a += 1.2; } else { if (q >= 0.3) a += 0.6; if (q >= 0.6) a += 1.8; }`,
      "const [pe, oe] = other.e, [pg, og] = other.e2;",
    ),
  ],
  [t(M.fractionsSkillScore, { ...above, window: 11 }), fractions(290, 11)],
  [t(M.neighbourhoodContingency, { ...above, window: 3 }), nearby(290)],
  [t(M.centroidDisplacement, above), centres(290)],
  [t(M.spatialDisplacement), centres(Number.NEGATIVE_INFINITY)],
  [t(M.structureAmplitudeLocation, above), amounts(290)],
  [t(M.structureAmplitudeLocation), amounts(undefined)],
  [t(M.objectErrors, above), objects(290, 500)],
  [t(M.hausdorffDistance, above), distances(290)],
  [t(M.meanErrorDistance, above), distances(290)],
];
