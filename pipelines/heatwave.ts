/**
 * Do forecasts see how hot a heat wave gets, when it starts and how long it lasts?
 *
 *     ewb plan   pipelines/heatwave.ts      # what would be read, and the peak memory
 *     ewb stream pipelines/heatwave.ts      # on the embedded sample; --data FILE.yaml for your own
 */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import {
  climatologyQuantile,
  durationMeanError,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanError,
  onsetMeanError,
  rootMeanSquaredError,
} from "ewb/metrics";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  // Hot is what 85 of 100 days of the season are cooler than; without a climatology, 30 degrees Celsius.
  const [normals] = run.sources("climatology", { surface_air_temperature: "K" });
  const hot = normals ? climatologyQuantile(normals, 0.85) : "303.15 K";
  return cases(run, { eventType: "heat_wave" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(
              run,
              meanError("surface_air_temperature"),
              rootMeanSquaredError("surface_air_temperature"),
              maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
              maximumLowestMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
              durationMeanError("surface_air_temperature", { above: hot }),
              onsetMeanError("surface_air_temperature", { above: hot }),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "heatwave.parquet"),
  );
};
