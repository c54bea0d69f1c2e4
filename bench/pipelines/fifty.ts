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
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  misses,
  nashSutcliffeEfficiency,
  oddsRatio,
  pearsonCorrelation,
  peirceSkillScore,
  percentBias,
  probabilityOfFalseDetection,
  rootMeanSquaredError,
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

/** Forty: seventeen scores, at one threshold or several, counted in a table each threshold. */
const few = [hits, misses, falseAlarms, correctNegatives, hitRate, falseAlarmRatio, successRatio, accuracy];
const more = [criticalSuccessIndex, equitableThreatScore, heidkeSkillScore, peirceSkillScore, frequencyBias];
const rest = [probabilityOfFalseDetection, f1Score, oddsRatio, symmetricExtremalDependenceIndex];

const contingency = [
  ...few.flatMap((make) => [
    make<Temperature>(temperature, { above: "290 K" }),
    make<Temperature>(temperature, { above: ["295 K", "300 K", "305 K"] }),
  ]),
  ...more.flatMap((make) => [
    make<Temperature>(temperature, { above: "290 K", weights: "area" }),
    make<Temperature>(temperature, { below: ["273.15 K", "263.15 K"] }),
  ]),
  ...rest.flatMap((make) => [
    make<Temperature>(temperature, { above: "290 K" }),
    make<Temperature>(temperature, { above: ["295 K", "300 K", "305 K"] }),
    make<Temperature>(temperature, { below: ["273.15 K", "263.15 K"] }),
  ]),
  hits<Temperature>(temperature, { below: "253.15 K" }),
  criticalSuccessIndex<Temperature>(temperature, { below: "253.15 K" }),
];

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
