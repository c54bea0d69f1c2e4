import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** Rates of two-by-two tables. 0/0 is NaN, x/0 infinite. */

export const tableRatesScores = {
  hitRate: {
    doc: {
      name: "hitRate",
      term: "hit rate",
      short: ["pod", "recall"],
      formula: "a / (a + c)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference: "Roebber 2009, doi:10.1175/2008WAF2222159.1",
    },
    value: ({ a, c }) => a / (a + c),
  },
  falseAlarmRatio: {
    doc: {
      name: "falseAlarmRatio",
      term: "false alarm ratio",
      short: ["far"],
      formula: "b / (a + b)",
      unit: "1",
      range: [0, 1],
      better: "low",
      perfect: 0,
      reference: "Barnes et al. 2009, doi:10.1175/2009WAF2222300.1",
    },
    value: ({ a, b }) => b / (a + b),
  },
  probabilityOfFalseDetection: {
    doc: {
      name: "probabilityOfFalseDetection",
      term: "probability of false detection",
      short: ["pofd"],
      formula: "b / (b + d)",
      unit: "1",
      range: [0, 1],
      better: "low",
      perfect: 0,
      reference: "Barnes et al. 2009, doi:10.1175/2009WAF2222300.1",
    },
    value: ({ b, d }) => b / (b + d),
  },
  successRatio: {
    doc: {
      name: "successRatio",
      term: "success ratio",
      short: ["sr", "precision"],
      formula: "a / (a + b)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference: "Roebber 2009, doi:10.1175/2008WAF2222159.1",
    },
    value: ({ a, b }) => a / (a + b),
  },
  specificity: {
    doc: {
      name: "specificity",
      term: "specificity",
      short: ["tnr"],
      formula: "d / (b + d)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ b, d }) => d / (b + d),
  },
  negativePredictiveValue: {
    doc: {
      name: "negativePredictiveValue",
      term: "negative predictive value",
      short: ["npv"],
      formula: "d / (c + d)",
      unit: "1",
      range: [0, 1],
      better: "high",
      perfect: 1,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ c, d }) => d / (c + d),
  },
} satisfies Record<string, TableScore>;

/**
 * Hit rate (probability of detection, recall, sensitivity): a / (a + c), the share of observed events that
 * were forecast. Unit 1; 0 to 1. 1 is best. Throws `Options` for events that are none, `Unit` where a
 * threshold is not in the variable's unit.
 *
 *     hitRate("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Roebber 2009, doi:10.1175/2008WAF2222159.1.
 */
export const hitRate = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.hitRate, variable, options);

/**
 * False alarm ratio: b / (a + b), the share of forecast events that were not observed; not the probability
 * of false detection. Unit 1; 0 to 1. 0 is best. Throws `Options` for events that are none, `Unit` where a
 * threshold is not in the variable's unit.
 *
 *     falseAlarmRatio("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Barnes et al. 2009, doi:10.1175/2009WAF2222300.1.
 */
export const falseAlarmRatio = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.falseAlarmRatio, variable, options);

/**
 * Probability of false detection: b / (b + d), the share of observed non-events for which the event was
 * forecast. Unit 1; 0 to 1. 0 is best. Throws `Options` for events that are none, `Unit` where a threshold
 * is not in the variable's unit.
 *
 *     probabilityOfFalseDetection("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Barnes et al. 2009, doi:10.1175/2009WAF2222300.1.
 */
export const probabilityOfFalseDetection = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.probabilityOfFalseDetection, variable, options);

/**
 * Success ratio (precision): a / (a + b), the share of forecast events that were observed. Unit 1; 0 to 1. 1
 * is best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's
 * unit.
 *
 *     successRatio("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Roebber 2009, doi:10.1175/2008WAF2222159.1.
 */
export const successRatio = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.successRatio, variable, options);

/**
 * Specificity: d / (b + d), the share of observed non-events for which none was forecast. Unit 1; 0 to 1. 1
 * is best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's
 * unit.
 *
 *     specificity("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const specificity = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.specificity, variable, options);

/**
 * Negative predictive value: d / (c + d), the share of forecast non-events that were none. Unit 1; 0 to 1. 1
 * is best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's
 * unit.
 *
 *     negativePredictiveValue("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const negativePredictiveValue = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableRatesScores.negativePredictiveValue, variable, options);
