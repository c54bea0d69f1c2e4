/** Root mean squared error by lead and nothing else: what reading, decoding and one kernel cost. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(run, rootMeanSquaredError("surface_air_temperature")),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
