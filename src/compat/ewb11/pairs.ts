import type { Observable } from "rxjs";
import type { Case } from "../../model/case.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Source } from "../../model/source.ts";
import { type PairsOptions, pairs as pairsOfBoth, type Shared } from "../../operators/flow/pairs.ts";
import { withClimatologies } from "./climatologyMatching.ts";

/**
 * The names of a case's forecast chunks as ExtremeWeatherBench 1.1.0 pairs them: by `ewb11Matching`, and with all
 * leads of every run that reaches into the case, also those whose valid time the target lacks or that lie outside
 * the case. These are the empty cells of its lead_time x valid_time grid, from which its rows without a number
 * come. Climatologies are put on the places by `withClimatologies`. The words of `match` and `outside` mean nothing to the peer and are ignored.
 *
 * A target whose time axis the peer does not join on (left as `time`) is joined here as any other.
 *
 * @example
 * pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
 *   score(run, rootMeanSquaredError("surface_air_temperature")),
 * )
 */
export const pairs = <F extends Source, T extends Source, N extends keyof Shared<F, T> & string>(
  run: Run,
  event: Case,
  options: PairsOptions<F, T, N>,
): Observable<PairRef<Pick<Shared<F, T>, N>>> =>
  pairsOfBoth(run, event, {
    ...options,
    match: withClimatologies((grid) => {
      const opened = run.opened(options.forecast);
      return opened?.kind === "grid" && opened.grid === grid;
    }),
    unmatched: true,
  });
