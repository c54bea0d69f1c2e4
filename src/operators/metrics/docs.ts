/**
 * What is said of all that `ewb/metrics` has, in one place: `ewb metrics`, the names of `--metric` and
 * docs/metrics.md are made of it. The docs themselves stand beside the metrics they tell of.
 */
import type { MetricDoc } from "../../model/metricDoc.ts";
import { spatialDocs } from "./fields/spatialDocs.ts";
import { metricExamples } from "./metricExamples.ts";
import { probabilisticDocs } from "./probabilistic/docs.ts";
import { seriesDocs } from "./runs/seriesDocs.ts";
import { tableDocs } from "./tables/tableDocs.ts";
import { trackDocs } from "./tracks/trackDocs.ts";
import { uncertaintyDocs } from "./uncertainty/uncertaintyDocs.ts";
import { continuousDocs } from "./values/continuousDocs.ts";

/** A metric, or a statistic of numbers, with the heading it stands under and a call of it. */
export interface ToldMetric extends MetricDoc {
  readonly family: string;
  readonly example: string;
  /** Made of losses or rows that a run has given, not of pairs: nothing for `score` and `--metric`. */
  readonly ofNumbers?: true;
}

/** A function that makes a metric of a metric, or what such a function takes. */
export interface ToldCombinator {
  readonly name: string;
  /** One line. */
  readonly says: string;
  readonly example: string;
}

const told = (family: string, docs: readonly MetricDoc[], ofNumbers = false): readonly ToldMetric[] =>
  docs.map((doc) => ({
    ...doc,
    family,
    example: metricExamples[doc.name] ?? "",
    ...(ofNumbers ? { ofNumbers: true } : {}),
  }));

const COMPARING = ["skillScore", "difference"];
const compares = ({ name }: MetricDoc): boolean => COMPARING.includes(name);

const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

const statisticDocs: readonly MetricDoc[] = [
  {
    name: "wilcoxonTest",
    term: "Wilcoxon signed rank test",
    formula: "sum of the ranks of |d| with their signs, zeros dropped, ties share; normal approximation",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Wilcoxon 1945, doi:10.2307/3001968",
  },
  {
    name: "moments",
    term: "moments of pairs",
    formula: "means, variances, covariance and Pearson correlation of the pairs that have both sides",
    unit: "[x]",
    range: ANY,
    better: "none",
    perfect: null,
    reference: "Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115",
  },
];

/** Every metric and statistic, family by family. */
export const metricDocs: readonly ToldMetric[] = [
  ...told("Errors of values", continuousDocs),
  ...told("Events and categories", tableDocs),
  ...told("Ensembles and probabilities", probabilisticDocs),
  ...told("Fields and objects", spatialDocs),
  ...told("Extremes, onset and duration of a run", seriesDocs),
  ...told("Tracks", trackDocs),
  ...told("Skill against a reference", uncertaintyDocs.filter(compares)),
  ...told(
    "Statistics of numbers, one a run",
    [...uncertaintyDocs.filter((doc) => !compares(doc)), ...statisticDocs],
    true,
  ),
];

const combinator = (name: string, says: string): ToldCombinator => ({
  name,
  says,
  example: metricExamples[name] ?? "",
});

/** What makes metrics of metrics, and the words it is told in. */
export const metricCombinators: readonly ToldCombinator[] = [
  combinator(
    "by",
    "as the option `by` of every metric, for metrics of metrics and of your own: each group of times and places, in the same pass; column `by`",
  ),
  combinator(
    "where",
    "as the option `where` of every metric, for metrics of metrics and of your own: only some of the places",
  ),
  combinator(
    "withInterval",
    "any metric with an interval of confidence, whole runs or blocks of them drawn again",
  ),
  combinator("leadBin", "for `by`: leads in bins of this width"),
  combinator("latitudeBand", "for `by`: bands of so many degrees"),
  combinator("regions", "for `by`: named boxes and polygons, which may overlap"),
  combinator("landSea", "for `by`: land and sea of a mask"),
  combinator("altitudeClass", "for `by`: classes of a field of altitudes between edges"),
  combinator(
    "climatologyQuantile",
    "a threshold or reference: a quantile of a climatology, by place, day and hour",
  ),
  combinator("ownQuantile", "a threshold: the quantile of each side's own values"),
  combinator("persistence", "a reference: what the target was at the init time"),
  combinator("otherForecast", "a reference: another forecast of the same init and lead"),
  combinator("namedReference", "a reference: whatever a pair knows by this name, for pairs made by hand"),
  combinator(
    "bootstrapRows",
    "means over cases of a result table, with an interval, whole cases drawn again",
  ),
  combinator("resampleDraws", "which samples each resample takes"),
  combinator("meanOfDraw", "the mean as a statistic to draw again"),
];
