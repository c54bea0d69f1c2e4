import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf } from "../options.ts";
import type { Table } from "./eventTables.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** Scores of the odds of two-by-two tables. 0/0 is NaN, x/0 infinite. */

/** In two factors, each exact for a perfect forecast. */
const matthews = ({ a, b, c, d }: Table): number => {
  const forecast = (a + b) * (c + d);
  const observed = (a + c) * (b + d);
  return ((a * d - b * c) / forecast) * Math.sqrt(forecast / observed);
};

export const tableOddsScores = {
  oddsRatio: {
    doc: {
      name: "oddsRatio",
      term: "odds ratio",
      formula: "ad / (bc)",
      unit: "1",
      range: [0, Number.POSITIVE_INFINITY],
      better: "high",
      perfect: Number.POSITIVE_INFINITY,
      reference: "Stephenson 2000, doi:10.1175/1520-0434(2000)015<0221:UOTORF>2.0.CO;2",
    },
    value: ({ a, b, c, d }) => (a * d) / (b * c),
  },
  oddsRatioSkillScore: {
    doc: {
      name: "oddsRatioSkillScore",
      term: "odds ratio skill score",
      short: ["orss", "yule"],
      formula: "(ad - bc) / (ad + bc)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Stephenson 2000, doi:10.1175/1520-0434(2000)015<0221:UOTORF>2.0.CO;2",
    },
    value: ({ a, b, c, d }) => (a * d - b * c) / (a * d + b * c),
  },
  matthewsCorrelation: {
    doc: {
      name: "matthewsCorrelation",
      term: "Matthews correlation",
      short: ["mcc", "phi"],
      formula: "(ad - bc) / sqrt((a + b)(a + c)(b + d)(c + d))",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Matthews 1975, doi:10.1016/0005-2795(75)90109-9",
    },
    value: matthews,
  },
} satisfies Record<string, TableScore>;

/**
 * Odds ratio: ad / (bc); infinite where b or c is 0. Unit 1; 0 to infinity. Infinity is best. Throws
 * `Options` for events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     oddsRatio("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Stephenson 2000, doi:10.1175/1520-0434(2000)015<0221:UOTORF>2.0.CO;2.
 */
export const oddsRatio = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableOddsScores.oddsRatio, variable, options);

/**
 * Odds ratio skill score (Yule's Q): (ad - bc) / (ad + bc). Unit 1; -1 to 1. 1 is best. Throws `Options` for
 * events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     oddsRatioSkillScore("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Stephenson 2000, doi:10.1175/1520-0434(2000)015<0221:UOTORF>2.0.CO;2.
 */
export const oddsRatioSkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableOddsScores.oddsRatioSkillScore, variable, options);

/**
 * Matthews correlation (phi): (ad - bc) / sqrt((a + b)(a + c)(b + d)(c + d)); NaN where a row or column is
 * empty, or 0 with `whenUndefined: "zero"`. Unit 1; -1 to 1. 1 is best. Throws `Options` for events that are
 * none, `Unit` where a threshold is not in the variable's unit.
 *
 *     matthewsCorrelation("accumulated_precipitation", { above: "2 kg m-2" })
 *
 * Matthews 1975, doi:10.1016/0005-2795(75)90109-9.
 */
export const matthewsCorrelation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: (TableOptions<V[N]> & { readonly whenUndefined?: "NaN" | "zero" }) & GroupOptions<V>,
): Metric<V> => {
  const score = tableOddsScores.matthewsCorrelation;
  const { whenUndefined = "NaN" } = options;
  oneOf(score.doc.name, "whenUndefined", whenUndefined, ["NaN", "zero"]);
  const value = (table: Table): number => {
    const found = matthews(table);
    return whenUndefined === "zero" && Number.isNaN(found) ? 0 : found;
  };
  return tableScore<V>({ ...score, value }, variable, options, {
    whenUndefined: whenUndefined === "zero" ? "zero" : undefined,
  });
};
