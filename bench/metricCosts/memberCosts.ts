/** What each metric of ensembles, probabilities and quantiles is measured with, and the loop one would write for it. */

import { normals } from "./benchPairs.ts";
import { built as M } from "./builtMetrics.ts";
import type { Cost } from "./fieldCosts.ts";
import { counted, ensemble, plainLoop, room, sorted, spread } from "./plainLoop.ts";

const t = (make: any, options?: object): any => make("t", options);
const above = { above: "290 K" };

const gaps =
  "let u = 0, v = 0, q = 0; for (let k = 0; k < m; k++) { if (x[k] < y) u += y - x[k]; else v += x[k] - y; if (k > 0) q += k * (m - k) * (x[k] - x[k - 1]); }";
const groups = plainLoop(
  `${counted(290)} const at = 2 * (m * 11 + k) + (y >= 290 ? 1 : 0); T[at] += w[row]; C[at]++;`,
  "const T = new Float64Array(242), C = new Float64Array(242);",
);
const ranks = plainLoop(
  `${ensemble} let less = 0, same = 0; for (let k = 0; k < m; k++) { if (x[k] < y) less++; else if (x[k] === y) same++; } if (m === members.length) T[less + (same >> 1)] += w[row];`,
  `${room} const T = new Float64Array(members.length + 1);`,
);
const normal =
  "const s0 = Math.sqrt(variance), z = (y - mean) / s0, r = Math.abs(z) / Math.SQRT2, T = 1 / (1 + 0.3275911 * r), E = 1 - T * (0.254829592 + T * (-0.284496736 + T * (1.421413741 + T * (-1.453152027 + T * 1.061405429)))) * Math.exp(-r * r), P = 0.5 * (1 + (z < 0 ? -E : E));";
const pinball =
  "const y = o[i], x1 = l[i], x2 = f[i], x3 = u[i]; if (y !== y || x1 !== x1 || x2 !== x2 || x3 !== x3) continue; n++;";
const quantiles = "const [l] = other.low, [u] = other.high;";
const within =
  "const y = o[i], x = l[i], z = u[i]; if (y !== y || x !== x || z !== z) continue; n++; a += z - x; if (y < x) b += 10 * (x - y); if (y > z) d += 10 * (y - z);";
const bounds = { lower: "low", upper: "high" };

export const memberCosts: readonly Cost[] = [
  [
    t(M.continuousRankedProbabilityScore),
    plainLoop(`${ensemble} ${sorted} ${gaps} a += u / m; b += v / m; d += q / (m * (m - 1));`, room),
    "ensemble",
  ],
  [
    t(M.thresholdWeightedContinuousRankedProbabilityScore, above),
    plainLoop(
      `${ensemble.replace("x[m++] = v", "x[m++] = v < 290 ? 290 : v").replace("const y = o[i];", "let y = o[i]; if (y < 290) y = 290;")} ${sorted} ${gaps} a += u / m; b += v / m; d += q / (m * (m - 1));`,
      room,
    ),
    "ensemble",
  ],
  [
    t(M.brierScore, above),
    plainLoop(
      `${counted(290)} const p = k / m, y0 = y >= 290 ? 1 : 0; a += (p - y0) * (p - y0) - (k * (m - k)) / (m * m * (m - 1));`,
    ),
    "ensemble",
  ],
  [t(M.brierDecomposition, above), groups, "ensemble"],
  [t(M.reliabilityDiagram, above), groups, "ensemble"],
  [t(M.discriminationDiagram, above), groups, "ensemble"],
  [t(M.rocCurve, above), groups, "ensemble"],
  [t(M.rocArea, above), groups, "ensemble"],
  [t(M.rocSkillScore, above), groups, "ensemble"],
  [t(M.relativeEconomicValue, { ...above, costLossRatios: [0.2, 0.5] }), groups, "ensemble"],
  [t(M.rankHistogram), ranks, "ensemble"],
  [t(M.pitHistogram, { bins: 11 }), ranks, "ensemble"],
  [t(M.ensembleSpread), plainLoop(`${ensemble} ${spread} a += variance;`, room), "ensemble"],
  [
    t(M.ensembleMeanRootMeanSquaredError),
    plainLoop(
      `${ensemble} let s = 0; for (let k = 0; k < m; k++) s += x[k]; a += (s / m - y) * (s / m - y);`,
      room,
    ),
    "ensemble",
  ],
  ...[M.unbiasedEnsembleMeanRootMeanSquaredError, M.spreadSkillRatio].map(
    (make): Cost => [
      t(make),
      plainLoop(`${ensemble} ${spread} a += variance; b += (mean - y) * (mean - y) - variance / m;`, room),
      "ensemble",
    ],
  ),
  [
    t(M.rankedProbabilityScore, { edges: ["280 K", "290 K", normals] }),
    plainLoop(
      `${ensemble} const q = c[i]; if (q !== q) continue; let p = 0, r = 0, s = 0; for (let k = 0; k < m; k++) { if (x[k] < 280) p++; if (x[k] < 290) r++; if (x[k] < q) s++; }
      const P = p / m - (y < 280 ? 1 : 0), R = r / m - (y < 290 ? 1 : 0), S = s / m - (y < q ? 1 : 0); a += P * P + R * R + S * S;`,
      room,
    ),
    "ensemble",
  ],
  [
    t(M.logarithmicScore),
    plainLoop(`${ensemble} ${spread} a += Math.log(variance) + ((y - mean) * (y - mean)) / variance;`, room),
    "ensemble",
  ],
  [
    t(M.dawidSebastianiScore),
    plainLoop(`${ensemble} ${spread} a += Math.log(variance) + ((y - mean) * (y - mean)) / variance;`, room),
    "ensemble",
  ],
  [
    t(M.gaussianContinuousRankedProbabilityScore),
    plainLoop(
      `${ensemble} ${spread} ${normal} a += s0 * (z * (2 * P - 1) + 0.7978845608028654 * Math.exp(-0.5 * z * z) - 0.5641895835477563);`,
      room,
    ),
    "ensemble",
  ],
  ...[M.quantileContinuousRankedProbabilityScore, M.weightedIntervalScore].map(
    (make): Cost => [
      t(make, { quantiles: { 0.1: "low", 0.5: "t", 0.9: "high" } }),
      plainLoop(
        `${pinball} const p = x1 - y, q = x2 - y, r = x3 - y; a += (p > 0 ? 0.9 * p : -0.1 * p) + 0.5 * Math.abs(q) + (r > 0 ? 0.1 * r : -0.9 * r);`,
        quantiles,
      ),
    ],
  ),
  [t(M.intervalScore, { ...bounds, coverage: 0.8 }), plainLoop(within, quantiles)],
  [t(M.quantileIntervalScore, { ...bounds, lowerLevel: 0.1, upperLevel: 0.9 }), plainLoop(within, quantiles)],
  [
    t(M.cdfContinuousRankedProbabilityScore, { cdf: { "280 K": "p", "290 K": "p2" } }),
    plainLoop(
      `const y = o[i], p = P[i], q = Q[i]; if (y !== y || p !== p || q !== q) continue; n++;
      const z = y < 280 ? 280 : y > 290 ? 290 : y, at = p + ((q - p) * (z - 280)) / 10;
      a += ((z - 280) * (p * p + p * at + at * at)) / 3; b += ((290 - z) * ((1 - at) * (1 - at) + (1 - at) * (1 - q) + (1 - q) * (1 - q))) / 3;
      if (y < 280) b += (280 - y) * (1 - p) * (1 - p); else if (y > 290) a += (y - 290) * q * q;`,
      "const [P] = other.p, [Q] = other.p2;",
    ),
  ],
  [
    t(M.wassersteinDistance, { analyses: ["low", "high"] }),
    plainLoop(
      `${ensemble.replace("const y = o[i]; if (y !== y) continue;", "let p = lo[i], q = uo[i]; if (p !== p || q !== q) continue; if (p > q) { const r = p; p = q; q = r; }")} ${sorted}
      let last = Math.min(x[0], p), F = 0, G = 0, k = 0, j = 0;
      while (k < m || j < 2) { const v = j < 2 ? (j === 0 ? p : q) : Infinity, z = k < m && x[k] <= v ? x[k] : v; a += (z - last) * Math.abs(F - G); last = z; if (k < m && x[k] <= v) F = ++k / m; else G = ++j / 2; }`,
      `${room} const lo = other.low[1], uo = other.high[1];`,
    ),
    "ensemble",
  ],
  [
    t(M.energyScore),
    plainLoop(
      "if (o[i] !== o[i]) continue; for (let k = 0; k < members.length; k++) { const v = members[k][i]; if (v !== v) continue; const e = v - o[i]; E[k] += w[row] * e * e; for (let j = 0; j < k; j++) { const s = v - members[j][i]; if (s === s) S[k * members.length + j] += w[row] * s * s; } }",
      "const E = new Float64Array(members.length), S = new Float64Array(members.length * members.length);",
      "$a = E.map(Math.sqrt); $b = S.map(Math.sqrt);",
    ),
    "ensemble",
  ],
  [
    t(M.variogramScore),
    plainLoop(
      `if (o[i] !== o[i] || members.some((x) => x[i] !== x[i])) continue;
      for (let j = 0; j < i; j++) {
        if (o[j] !== o[j]) continue;
        const truth = Math.sqrt(Math.abs(o[i] - o[j])); let s = 0;
        for (let k = 0; k < members.length; k++) s += Math.sqrt(Math.abs(members[k][i] - members[k][j])) - truth;
        if (s === s) a += w[Math.floor(j / columns)] * s * s;
      }`,
    ),
    "small",
  ],
];
