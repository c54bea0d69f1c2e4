/**
 * Atmospheric rivers as ExtremeWeatherBench 1.1.0 scores them: its default set, by its own rules, on data that hold the mask
 * of rivers over land (1 inside, 0 outside) on both sides.
 *
 *     ewb stream pipelines/compat/atmosphericRiver.ts --data FILE.yaml --ewb-csv
 */
import { cases, eachCase, type Run, score, writeParquet } from "ewb";
import { criticalSuccessIndex, earlySignal, pairs, spatialDisplacement } from "ewb/compat/ewb11";
import { concatMap, from } from "rxjs";

const mask = "atmospheric_river_land_intersection";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { [mask]: "1" });
  const targets = run.sources("target", { [mask]: "1" });
  return cases(run, { eventType: "atmospheric_river" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: [mask] }).pipe(
            score(run, criticalSuccessIndex(mask), spatialDisplacement(mask), earlySignal(mask)),
          ),
        ),
      ),
    ),
    writeParquet(run, "atmosphericRiver.parquet"),
  );
};
