/** Wind on one of 13 levels that share a chunk of 54 MB. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { eastward_wind: "m s-1" });
  const targets = run.sources("target", { eastward_wind: "m s-1" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["eastward_wind"] }).pipe(
            score(
              run,
              meanError("eastward_wind"),
              rootMeanSquaredError("eastward_wind", { keep: ["init_time", "lead_time"] }),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
