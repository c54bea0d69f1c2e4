import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** Counts of two-by-two tables: a hits, b false alarms, c misses, d correct negatives. */

export const tableCountsScores = {
  hits: {
    doc: {
      name: "hits",
      term: "hits",
      formula: "a",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "high",
      perfect: null,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ a }) => a,
  },
  falseAlarms: {
    doc: {
      name: "falseAlarms",
      term: "false alarms",
      formula: "b",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "low",
      perfect: 0,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ b }) => b,
  },
  misses: {
    doc: {
      name: "misses",
      term: "misses",
      formula: "c",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "low",
      perfect: 0,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ c }) => c,
  },
  correctNegatives: {
    doc: {
      name: "correctNegatives",
      term: "correct negatives",
      formula: "d",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "high",
      perfect: null,
      reference:
        "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
    },
    value: ({ d }) => d,
  },
} satisfies Record<string, TableScore>;

/**
 * Hits: places and times at which the event was forecast and observed. Unit 1; 0 to infinity. More is
 * better. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     hits("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2"] })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const hits = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableCountsScores.hits, variable, options);

/**
 * False alarms: places and times at which the event was forecast but not observed. Unit 1; 0 to infinity. 0
 * is best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's
 * unit.
 *
 *     falseAlarms("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const falseAlarms = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableCountsScores.falseAlarms, variable, options);

/**
 * Misses: places and times at which the event was observed but not forecast. Unit 1; 0 to infinity. 0 is
 * best. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     misses("surface_air_temperature", { below: "273.15 K", strictly: true })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const misses = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableCountsScores.misses, variable, options);

/**
 * Correct negatives: places and times at which the event was neither forecast nor observed. Unit 1; 0 to
 * infinity. More is better. Throws `Options` for events that are none, `Unit` where a threshold is not in
 * the variable's unit.
 *
 *     correctNegatives("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const correctNegatives = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableCountsScores.correctNegatives, variable, options);
