/**
 * Severe convection as ExtremeWeatherBench 1.1.0 scores it against the practically perfect hindcast: its default set, by its
 * own rules. The forecast's Craven-Brooks significant severe parameter (m3 s-3) is scored against a probability, so the data
 * set maps it to the name of the probability and gives it its unit:
 *
 *     forecasts: [{ …, variables: { practically_perfect_hindcast: { name: cbss, unit: "1" } } }]
 *
 *     ewb stream pipelines/compat/severeConvection.ts --data FILE.yaml --ewb-csv
 */
import { cases, eachCase, type Run, score, writeParquet } from "ewb";
import { criticalSuccessIndex, earlySignal, falseAlarmRatio, pairs, thresholdMetric } from "ewb/compat/ewb11";
import { concatMap, from } from "rxjs";

const variable = "practically_perfect_hindcast";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { [variable]: "1" });
  const targets = run.sources("target", { [variable]: "1" });
  return cases(run, { eventType: "severe_convection" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: [variable] }).pipe(
            score(
              run,
              ...thresholdMetric<{ [variable]: "1" }>(variable, {
                metrics: [criticalSuccessIndex, falseAlarmRatio],
                forecastThreshold: 15000,
                targetThreshold: 0.3,
              }),
              earlySignal(variable, { forecastThreshold: 15000 }),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "severeConvection.parquet"),
  );
};
