/** Wind on all 13 levels that share a chunk of 54 MB: rows of every level, of every lead, and of single chunks. */
import { cases, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";
import { levelNames } from "../levelNames.ts";

type Winds = Record<string, "m s-1">;

export default (run: Run) => {
  const winds: Winds = Object.fromEntries(levelNames.map((name) => [name, "m s-1"]));
  const forecasts = run.sources("forecast", winds);
  const targets = run.sources("target", winds);
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: levelNames }).pipe(
            score(
              run,
              ...levelNames.flatMap((name) => [
                meanError<Winds>(name),
                rootMeanSquaredError<Winds>(name, { keep: ["init_time", "lead_time"] }),
              ]),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
