/** As many rows as `EWB_BENCH_ROWS` says, out of nothing; with `EWB_BENCH_WRITE=no` they go nowhere. */
import { type Run, writeParquet } from "ewb";
import { concatMap, from } from "rxjs";
import { manyRow } from "../manyRows.ts";

const count = Number(process.env.EWB_BENCH_ROWS ?? 1e6);
const together = 512;

/** Some rows at a time, as units give them: between two the event loop goes round. */
async function* some() {
  for (let start = 0; start < count; start += together) {
    const length = Math.min(together, count - start);
    yield Array.from({ length }, (_, i) => manyRow(start + i, count));
    await new Promise(setImmediate);
  }
}

export default (run: Run) => {
  const rows = from(some()).pipe(concatMap((together) => together));
  return process.env.EWB_BENCH_WRITE === "no" ? rows : rows.pipe(writeParquet(run, "many.parquet"));
};
