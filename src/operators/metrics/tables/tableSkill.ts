import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type CategoryOptions, categoryScore } from "./categories.ts";
import { categoryAccuracy, categoryHeidke, categoryPeirce } from "./categoryTable.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** Scores of two-by-two tables, and of tables of several categories where `edges` are given. 0/0 is NaN. */

export const tableSkillScores = {
  criticalSuccessIndex: {
    doc: {
      name: "criticalSuccessIndex",
      term: "critical success index",
      short: ["csi", "threat score"],
      formula: "a / (a + b + c)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference: "Schaefer 1990, doi:10.1175/1520-0434(1990)005<0570:TCSIAA>2.0.CO;2",
    },
    value: ({ a, b, c }) => a / (a + b + c),
  },
  equitableThreatScore: {
    doc: {
      name: "equitableThreatScore",
      term: "equitable threat score",
      short: ["ets", "gilbert skill score"],
      formula: "(a - r) / (a + b + c - r), r = (a + b)(a + c) / (a + b + c + d)",
      unit: "1",
      range: [-1 / 3, 1],
      better: "high",
      perfect: 1,
      reference: "Hogan et al. 2010, doi:10.1175/2009WAF2222350.1",
    },
    value: ({ a, b, c, d }) => (a * d - b * c) / (a * d - b * c + (a + b + c + d) * (b + c)),
  },
  heidkeSkillScore: {
    doc: {
      name: "heidkeSkillScore",
      term: "Heidke skill score",
      short: ["hss", "kappa"],
      formula:
        "(a + d - e) / (N - e), e = ((a + b)(a + c) + (c + d)(b + d)) / N; of categories (sum p_kk - sum f_k o_k) / (1 - sum f_k o_k)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Heidke 1926, doi:10.1080/20014422.1926.11881138",
    },
    value: ({ a, b, c, d }) => (2 * (a * d - b * c)) / ((a + c) * (c + d) + (a + b) * (b + d)),
  },
  peirceSkillScore: {
    doc: {
      name: "peirceSkillScore",
      term: "Peirce skill score",
      short: ["pss", "tss", "hanssen-kuipers"],
      formula: "a / (a + c) - b / (b + d); of categories (sum p_kk - sum f_k o_k) / (1 - sum o_k^2)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Peirce 1884, doi:10.1126/science.ns-4.93.453",
    },
    value: ({ a, b, c, d }) => a / (a + c) - b / (b + d),
  },
  accuracy: {
    doc: {
      name: "accuracy",
      term: "accuracy",
      formula: "(a + d) / (a + b + c + d); of categories sum p_kk",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ a, b, c, d }) => (a + d) / (a + b + c + d),
  },
  f1Score: {
    doc: {
      name: "f1Score",
      term: "F1 score",
      short: ["f1", "dice"],
      formula: "2a / (2a + b + c)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference: "Dice 1945, doi:10.2307/1932409",
    },
    value: ({ a, b, c }) => (2 * a) / (2 * a + b + c),
  },
} satisfies Record<string, TableScore>;

/**
 * Critical success index (threat score): a / (a + b + c). Unit 1; 0 to 1. 1 is best. Throws `Options` for
 * events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     criticalSuccessIndex("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2", "10 kg m-2"] })
 *
 * Schaefer 1990, doi:10.1175/1520-0434(1990)005<0570:TCSIAA>2.0.CO;2.
 */
export const criticalSuccessIndex = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableSkillScores.criticalSuccessIndex, variable, options);

/**
 * Equitable threat score (Gilbert skill score): (a - r) / (a + b + c - r), r = (a + b)(a + c) / N the hits
 * by chance; 0 for a constant forecast. Unit 1; -1/3 to 1. 1 is best. Throws `Options` for events that are
 * none, `Unit` where a threshold is not in the variable's unit.
 *
 *     equitableThreatScore("accumulated_precipitation", { above: "2 kg m-2", runs: "mean" })
 *
 * Hogan et al. 2010, doi:10.1175/2009WAF2222350.1.
 */
export const equitableThreatScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableSkillScores.equitableThreatScore, variable, options);

/**
 * Heidke skill score (Cohen's kappa): (a + d - e) / (N - e), e the number right by chance; of several
 * categories (sum p_kk - sum f_k o_k) / (1 - sum f_k o_k). Unit 1; -1 to 1. 1 is best. Throws `Options` for
 * events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     heidkeSkillScore("accumulated_precipitation", { edges: ["0 kg m-2", "0.1 kg m-2", "2 kg m-2", "10 kg m-2", "Infinity kg m-2"] })
 *
 * Heidke 1926, doi:10.1080/20014422.1926.11881138.
 */
export const heidkeSkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: (TableOptions<V[N]> | CategoryOptions<V[N]>) & GroupOptions<V>,
): Metric<V> =>
  "edges" in options
    ? categoryScore<V>({ ...tableSkillScores.heidkeSkillScore, value: categoryHeidke }, variable, options)
    : tableScore<V>(tableSkillScores.heidkeSkillScore, variable, options);

/**
 * Peirce skill score (true skill statistic, Hanssen-Kuipers): a / (a + c) - b / (b + d); of several
 * categories (sum p_kk - sum f_k o_k) / (1 - sum o_k^2). Unit 1; -1 to 1. 1 is best. Throws `Options` for
 * events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     peirceSkillScore("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Peirce 1884, doi:10.1126/science.ns-4.93.453.
 */
export const peirceSkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: (TableOptions<V[N]> | CategoryOptions<V[N]>) & GroupOptions<V>,
): Metric<V> =>
  "edges" in options
    ? categoryScore<V>({ ...tableSkillScores.peirceSkillScore, value: categoryPeirce }, variable, options)
    : tableScore<V>(tableSkillScores.peirceSkillScore, variable, options);

/**
 * Accuracy (fraction correct): (a + d) / N; of several categories the share in the right one. Unit 1; 0 to
 * 1. 1 is best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's
 * unit.
 *
 *     accuracy("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const accuracy = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: (TableOptions<V[N]> | CategoryOptions<V[N]>) & GroupOptions<V>,
): Metric<V> =>
  "edges" in options
    ? categoryScore<V>({ ...tableSkillScores.accuracy, value: categoryAccuracy }, variable, options)
    : tableScore<V>(tableSkillScores.accuracy, variable, options);

/**
 * F1 score (Dice coefficient): 2a / (2a + b + c). Unit 1; 0 to 1. 1 is best. Throws `Options` for events
 * that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     f1Score("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Dice 1945, doi:10.2307/1932409.
 */
export const f1Score = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableSkillScores.f1Score, variable, options);
