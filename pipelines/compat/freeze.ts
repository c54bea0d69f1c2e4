/**
 * Freezes as ExtremeWeatherBench 1.1.0 scores them: its default set, by its own rules. Needs a climatology with a dimension
 * `quantile` that has 0.15.
 *
 *     ewb stream pipelines/compat/freeze.ts --data FILE.yaml --ewb-csv
 */
import { cases, eachCase, type Run, score, writeParquet } from "ewb";
import {
  climatologyQuantile,
  durationMeanError,
  minimumMeanAbsoluteError,
  pairs,
  rootMeanSquaredError,
} from "ewb/compat/ewb11";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  const [normals] = run.sources("climatology", { surface_air_temperature: "K" });
  if (normals === undefined) throw new Error("the data set has no climatology of surface_air_temperature");
  return cases(run, { eventType: "freeze" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(
              run,
              minimumMeanAbsoluteError("surface_air_temperature"),
              rootMeanSquaredError("surface_air_temperature"),
              durationMeanError("surface_air_temperature", {
                thresholdCriteria: climatologyQuantile(normals, 0.15),
                opFunc: "<=",
              }),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "freeze.parquet"),
  );
};
