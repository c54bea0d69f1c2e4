/** Four metrics against every target: what is read must not depend on how many ask. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { maximumMeanAbsoluteError, meanAbsoluteError, meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(
              run,
              meanError("surface_air_temperature"),
              meanAbsoluteError("surface_air_temperature"),
              rootMeanSquaredError("surface_air_temperature", { keep: ["init_time", "lead_time"] }),
              maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
