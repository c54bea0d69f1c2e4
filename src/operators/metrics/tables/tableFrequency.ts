import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** How often events are forecast and observed. 0/0 is NaN, x/0 infinite. */

export const tableFrequencyScores = {
  baseRate: {
    doc: {
      name: "baseRate",
      term: "base rate",
      formula: "(a + c) / (a + b + c + d)",
      unit: "1",
      range: [0, 1],
      better: "none",
      perfect: null,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ a, b, c, d }) => (a + c) / (a + b + c + d),
  },
  forecastRate: {
    doc: {
      name: "forecastRate",
      term: "forecast rate",
      formula: "(a + b) / (a + b + c + d)",
      unit: "1",
      range: [0, 1],
      better: "none",
      perfect: null,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ a, b, c, d }) => (a + b) / (a + b + c + d),
  },
  frequencyBias: {
    doc: {
      name: "frequencyBias",
      term: "frequency bias",
      short: ["fbias"],
      formula: "(a + b) / (a + c)",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "one",
      perfect: 1,
      reference: "Roebber 2009, doi:10.1175/2008WAF2222159.1",
    },
    value: ({ a, b, c }) => (a + b) / (a + c),
  },
} satisfies Record<string, TableScore>;

/**
 * Base rate: (a + c) / (a + b + c + d), the share of places and times at which the event was observed. Unit
 * 1; 0 to 1. No direction. Throws `Options` for events that are none, `Unit` where a threshold is not in the
 * variable's unit.
 *
 *     baseRate("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const baseRate = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableFrequencyScores.baseRate, variable, options);

/**
 * Forecast rate: (a + b) / (a + b + c + d), the share of places and times at which the event was forecast;
 * best where it is the base rate. Unit 1; 0 to 1. No direction. Throws `Options` for events that are none,
 * `Unit` where a threshold is not in the variable's unit.
 *
 *     forecastRate("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const forecastRate = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableFrequencyScores.forecastRate, variable, options);

/**
 * Frequency bias: (a + b) / (a + c), forecast events over observed ones; infinite where none was observed.
 * Unit 1; 0 to infinity. 1 is best. Throws `Options` for events that are none, `Unit` where a threshold is
 * not in the variable's unit.
 *
 *     frequencyBias("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Roebber 2009, doi:10.1175/2008WAF2222159.1.
 */
export const frequencyBias = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableFrequencyScores.frequencyBias, variable, options);
