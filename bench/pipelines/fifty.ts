/** Fifty metrics of one variable in one pass: 10 continuous, 40 of tables at several thresholds. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import {
  accuracy,
  correctNegatives,
  criticalSuccessIndex,
  equitableThreatScore,
  errorStandardDeviation,
  f1Score,
  falseAlarmRatio,
  falseAlarms,
  frequencyBias,
  heidkeSkillScore,
  hitRate,
  hits,
  klingGuptaEfficiency,
  matthewsCorrelation,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  misses,
  nashSutcliffeEfficiency,
  oddsRatio,
  oddsRatioSkillScore,
  pearsonCorrelation,
  peirceSkillScore,
  percentBias,
  probabilityOfFalseDetection,
  rootMeanSquaredError,
  specificity,
  successRatio,
  symmetricExtremalDependenceIndex,
} from "ewb/metrics";
import { concatMap, from } from "rxjs";

const temperature = "surface_air_temperature";
type Temperature = { surface_air_temperature: "K" };

const continuous = [
  meanError,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
  maximumMeanAbsoluteError,
  percentBias,
  pearsonCorrelation,
  errorStandardDeviation,
  nashSutcliffeEfficiency,
  klingGuptaEfficiency,
].map((make) => make<Temperature>(temperature));

const scores = [
  ...[hits, misses, falseAlarms, correctNegatives, hitRate, falseAlarmRatio, successRatio, accuracy],
  ...[criticalSuccessIndex, equitableThreatScore, heidkeSkillScore, peirceSkillScore, frequencyBias],
  ...[probabilityOfFalseDetection, specificity, f1Score, matthewsCorrelation, oddsRatio],
  ...[oddsRatioSkillScore, symmetricExtremalDependenceIndex],
];

/** Twenty scores of heat, at three thresholds each, and of frost, at two. */
const contingency = scores.flatMap((make) => [
  make<Temperature>(temperature, { above: ["290 K", "300 K", "305 K"] }),
  make<Temperature>(temperature, { below: ["273.15 K", "263.15 K"] }),
]);

export default (run: Run) => {
  const forecasts = run.sources("forecast", { [temperature]: "K" });
  const targets = run.sources("target", { [temperature]: "K" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: [temperature] }).pipe(
            score(run, ...continuous, ...contingency),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
