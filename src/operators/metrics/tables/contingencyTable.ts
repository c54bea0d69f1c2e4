import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { tableCountsScores } from "./tableCounts.ts";
import { type TableOptions, tableMetric } from "./tableScore.ts";

export const contingencyTableDoc: MetricDoc = {
  name: "contingencyTable",
  term: "contingency table",
  formula: "a, b, c, d: hits, false alarms, misses, correct negatives, one row each",
  unit: "1",
  range: [0, Number.POSITIVE_INFINITY],
  better: "none",
  perfect: null,
  reference:
    "Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6",
};

/**
 * Contingency table: hits a, false alarms b, misses c and correct negatives d, one row each, counted or as sums of
 * weights. With own quantiles also the two thresholds found, in the variable's unit. Unit 1; 0 to infinity; perfect
 * where b = c = 0. Throws `Options` for events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     contingencyTable("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2", "20 kg m-2"] })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const contingencyTable = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> =>
  tableMetric<V>(
    {
      name: contingencyTableDoc.name,
      term: contingencyTableDoc.term,
      definition: contingencyTableDoc.formula,
      scores: Object.values(tableCountsScores),
      tellsThresholds: true,
    },
    variable,
    options,
  );
