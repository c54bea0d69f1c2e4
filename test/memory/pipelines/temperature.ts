/** 2 m temperature of the test stores, with metrics that may be told to misbehave. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { maximumMeanAbsoluteError, meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from, mergeMap } from "rxjs";
import { disturbed, together } from "./disturbed.ts";

const variable = "surface_air_temperature";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { [variable]: "K" });
  const targets = run.sources("target", { [variable]: "K" });
  const rows = (event: Parameters<Parameters<typeof eachCase>[1]>[0]) =>
    from(forecasts).pipe(
      concatMap((forecast) =>
        pairs(run, event, { forecast, targets, variables: [variable] }).pipe(
          score(
            run,
            disturbed(meanError(variable), event.id),
            rootMeanSquaredError(variable, { keep: ["init_time", "lead_time"] }),
            maximumMeanAbsoluteError(variable, { within: "24 h" }),
          ),
        ),
      ),
    );
  // Without `eachCase` all cases are open at once, in this thread.
  return cases(run).pipe(together ? mergeMap(rows) : eachCase(run, rows), writeParquet(run, "rows.parquet"));
};
