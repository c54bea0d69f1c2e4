/** ExtremeWeatherBench's default set for heat waves, by its own rules. */
import { cases, eachCase, type Run, score, writeParquet } from "ewb";
import {
  climatologyQuantile,
  durationMeanError,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  pairs,
  rootMeanSquaredError,
} from "ewb/compat/ewb11";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  const [normals] = run.sources("climatology", { surface_air_temperature: "K" });
  if (normals === undefined) throw new Error("the data set has no climatology");
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(
              run,
              maximumMeanAbsoluteError("surface_air_temperature"),
              rootMeanSquaredError("surface_air_temperature"),
              durationMeanError("surface_air_temperature", {
                thresholdCriteria: climatologyQuantile(normals),
              }),
              maximumLowestMeanAbsoluteError("surface_air_temperature"),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
