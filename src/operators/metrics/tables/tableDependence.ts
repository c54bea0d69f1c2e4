import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import type { Table } from "./eventTables.ts";
import { type TableOptions, type TableScore, tableScore } from "./tableScore.ts";

/** Scores of two-by-two tables of rare events; H hit rate, F probability of false detection, p base rate, q forecast rate. */

export interface Clipped {
  /** Least and (from 1) greatest rate that is put into a logarithm; no rate is changed unless said. */
  readonly clip?: number;
}

const clipOf = (metric: string, clip: number | undefined): number | undefined => {
  if (clip === undefined || (clip > 0 && clip < 0.5)) return clip;
  throw new EwbError("Options", `${metric}: clip is ${clip}; expected a small rate like 1e-6.`);
};

const clipped = (rate: number, clip: number | undefined): number =>
  clip === undefined ? rate : Math.min(Math.max(rate, clip), 1 - clip);

const dependence =
  (clip: number | undefined) =>
  ({ a, b, c, d }: Table): number => {
    const H = Math.log(clipped(a / (a + c), clip));
    const F = Math.log(clipped(b / (b + d), clip));
    return (F - H) / (F + H);
  };

/** The logarithms of 1 - H and 1 - F from c and d: no digits are lost where a rate is near 1. */
const symmetricDependence =
  (clip: number | undefined) =>
  ({ a, b, c, d }: Table): number => {
    const H = Math.log(clipped(a / (a + c), clip));
    const F = Math.log(clipped(b / (b + d), clip));
    const notH = Math.log(clipped(c / (a + c), clip));
    const notF = Math.log(clipped(d / (b + d), clip));
    return (F - H + notH - notF) / (F + H + notH + notF);
  };

export const tableDependenceScores = {
  extremeDependencyScore: {
    doc: {
      name: "extremeDependencyScore",
      term: "extreme dependency score",
      short: ["eds"],
      formula: "(ln p - ln H) / (ln p + ln H)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Stephenson et al. 2008, doi:10.1002/met.53",
    },
    value: ({ a, b, c, d }) => {
      const p = Math.log((a + c) / (a + b + c + d));
      const H = Math.log(a / (a + c));
      return (p - H) / (p + H);
    },
  },
  symmetricExtremeDependencyScore: {
    doc: {
      name: "symmetricExtremeDependencyScore",
      term: "symmetric extreme dependency score",
      short: ["seds"],
      formula: "(ln q - ln H) / (ln p + ln H)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Hogan et al. 2009, doi:10.1002/qj.494",
    },
    value: ({ a, b, c, d }) => {
      const n = a + b + c + d;
      const H = Math.log(a / (a + c));
      return (Math.log((a + b) / n) - H) / (Math.log((a + c) / n) + H);
    },
  },
  extremalDependenceIndex: {
    doc: {
      name: "extremalDependenceIndex",
      term: "extremal dependence index",
      short: ["edi"],
      formula: "(ln F - ln H) / (ln F + ln H)",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Ferro and Stephenson 2011, doi:10.1175/WAF-D-10-05030.1",
    },
    value: dependence(undefined),
  },
  symmetricExtremalDependenceIndex: {
    doc: {
      name: "symmetricExtremalDependenceIndex",
      term: "symmetric extremal dependence index",
      short: ["sedi"],
      formula: "(ln F - ln H + ln(1 - H) - ln(1 - F)) / (ln F + ln H + ln(1 - H) + ln(1 - F))",
      unit: "1",
      range: [-1, 1],
      better: "high",
      perfect: 1,
      reference: "Ferro and Stephenson 2011, doi:10.1175/WAF-D-10-05030.1",
    },
    value: symmetricDependence(undefined),
  },
} satisfies Record<string, TableScore>;

/**
 * Extreme dependency score: (ln p - ln H) / (ln p + ln H), H = a / (a + c), p = (a + c) / N. False alarms do
 * not count: use it with a forecast without bias. Unit 1; -1 to 1. 1 is best. Throws `Options` for events
 * that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     extremeDependencyScore("surface_wind_speed", { above: ownQuantile(0.95), strictly: true })
 *
 * Stephenson et al. 2008, doi:10.1002/met.53.
 */
export const extremeDependencyScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableDependenceScores.extremeDependencyScore, variable, options);

/**
 * Symmetric extreme dependency score: (ln q - ln H) / (ln p + ln H), H = a / (a + c), p = (a + c) / N, q =
 * (a + b) / N. Unit 1; -1 to 1. 1 is best. Throws `Options` for events that are none, `Unit` where a
 * threshold is not in the variable's unit.
 *
 *     symmetricExtremeDependencyScore("accumulated_precipitation", { above: "20 kg m-2" })
 *
 * Hogan et al. 2009, doi:10.1002/qj.494.
 */
export const symmetricExtremeDependencyScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & GroupOptions<V>,
): Metric<V> => tableScore<V>(tableDependenceScores.symmetricExtremeDependencyScore, variable, options);

/**
 * Extremal dependence index: (ln F - ln H) / (ln F + ln H), H = a / (a + c), F = b / (b + d); NaN where F or
 * H is 0 unless `clip` (e.g. 1e-6) keeps both away from 0 and 1. Unit 1; -1 to 1. 1 is best. Throws
 * `Options` for events that are none, `Unit` where a threshold is not in the variable's unit.
 *
 *     extremalDependenceIndex("accumulated_precipitation", { above: "20 kg m-2" })
 *
 * Ferro and Stephenson 2011, doi:10.1175/WAF-D-10-05030.1.
 */
export const extremalDependenceIndex = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & Clipped & GroupOptions<V>,
): Metric<V> => {
  const score = tableDependenceScores.extremalDependenceIndex;
  const clip = clipOf(score.doc.name, options.clip);
  return tableScore<V>({ ...score, value: dependence(clip) }, variable, options, { clip: clip?.toString() });
};

/**
 * Symmetric extremal dependence index: (ln F - ln H + ln(1 - H) - ln(1 - F)) / (ln F + ln H + ln(1 - H) +
 * ln(1 - F)), H = a / (a + c), F = b / (b + d); NaN where a, b, c or d is 0 unless `clip` (e.g. 1e-6) keeps
 * H and F away from 0 and 1. Unit 1; -1 to 1. 1 is best. Throws `Options` for events that are none, `Unit`
 * where a threshold is not in the variable's unit.
 *
 *     symmetricExtremalDependenceIndex("accumulated_precipitation", { above: "20 kg m-2" })
 *
 * Ferro and Stephenson 2011, doi:10.1175/WAF-D-10-05030.1.
 */
export const symmetricExtremalDependenceIndex = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: TableOptions<V[N]> & Clipped & GroupOptions<V>,
): Metric<V> => {
  const score = tableDependenceScores.symmetricExtremalDependenceIndex;
  const clip = clipOf(score.doc.name, options.clip);
  return tableScore<V>({ ...score, value: symmetricDependence(clip) }, variable, options, {
    clip: clip?.toString(),
  });
};
