import { concat, defer, finalize, from, ignoreElements, type MonoTypeOperatorFunction, tap } from "rxjs";
import type { Row } from "../../model/row.ts";
import type { Run } from "../../model/run.ts";

/**
 * Passes rows on and, when they are all there, publishes them as one sorted Parquet file by rename. The tables of
 * failures and gaps are written beside it. Nothing is published when the run is stopped.
 *
 * @param path relative to `--out`
 * @throws `DuplicateRow` where two rows have one key and different content
 * @example rows.pipe(writeParquet(run, "heatwave.parquet"))
 */
export const writeParquet =
  (run: Run, path: string): MonoTypeOperatorFunction<Row> =>
  (rows) =>
    defer(() => {
      const table = run.table(path);
      const published = defer(() => from(table.publish())).pipe(ignoreElements());
      return concat(rows.pipe(tap((row) => table.add(row))), published).pipe(finalize(() => table.discard()));
    });
