/**
 * Rows of a table that were put aside: each time as a sorted run, all runs in one file. When they are asked for, runs are
 * merged to fewer ones until a block of each fits in the bound, and then as the table is written.
 */
import type { ColumnTable } from "../column.ts";
import type { ColumnStore } from "../columnStore.ts";
import { duplicateRow } from "../duplicateRow.ts";
import { blocksOf, rowsOf, sortedTexts, sortRows } from "../sortTable.ts";
import { HeldSource } from "./heldSource.ts";
import { type Merge, mergedBlocks, sourceBytes } from "./mergeRuns.ts";
import { blockRows, RunFile, type SpilledRun } from "./runFile.ts";

export interface SpilledRows {
  /** Bytes held in memory. */
  readonly bytes: number;
  /**
   * Puts the first `length` rows of the stores aside and makes them null there. Stores that came since the last time
   * are at the end.
   */
  add(stores: readonly ColumnStore[], length: number): void;
  /**
   * All rows, those that are put aside and the first `held` of the stores, in the columns of `shown`, which are of
   * `stores` in another order.
   */
  sorted(stores: readonly ColumnStore[], shown: readonly ColumnStore[], held: number): Promise<ColumnTable>;
  close(): void;
}

const noRows = new Uint32Array(0);

/** Rows merged between two turns of the event loop; a multiple of the rows of a block. */
const turnRows = 128 * blockRows;

/**
 * @param path of the table
 * @param bound bytes that merging may take
 * @param parts numbers the part of each row
 */
export const spilledRows = (
  path: string,
  bound: number,
  keys: readonly string[],
  parts?: ColumnStore,
): SpilledRows => {
  const file = new RunFile(path);
  let runs: SpilledRun[] = [];
  let merging = 0;
  const partColumn = (stores: readonly ColumnStore[]) =>
    parts === undefined ? undefined : stores.indexOf(parts);
  return {
    get bytes() {
      return runs.reduce((sum, { sizes }) => sum + sizes.byteLength + 200, merging + file.bytes);
    },
    add(stores, length) {
      const order = sortRows(stores, keys, length);
      const run = file.begin(
        stores.map(({ width }) => width),
        false,
        partColumn(stores),
      );
      for (const block of blocksOf(stores, order, blockRows)) run.add(block);
      runs.push(run.end());
      for (const store of stores) store.clear(length);
    },
    async sorted(stores, shown, held) {
      const columns = stores.map(({ column }) => column);
      const texts = stores.map(sortedTexts);
      const widths = stores.map(({ width }) => width);
      const merge: Omit<Merge, "runs"> = {
        file,
        widths,
        keys: keys.map((key) => columns.findIndex(({ name }) => name === key)),
        ranks: stores.map((store) => store.ranks()),
        part: partColumn(stores),
        differ: (a, b) => {
          throw duplicateRow(columns, texts, keys, a, b);
        },
      };
      const most = Math.max(2, Math.floor(bound / sourceBytes({ ...merge, runs })));
      merging = Math.min(most, runs.length) * sourceBytes({ ...merge, runs });
      while (runs.length > most) {
        const fewer: SpilledRun[] = [];
        for (let start = 0; start < runs.length; start += most) {
          fewer.push(await oneRun({ ...merge, runs: runs.slice(start, start + most) }));
        }
        runs = fewer;
      }
      const places = shown.map((store) => stores.indexOf(store));
      return {
        columns: shown.map(({ column }) => column),
        texts: places.map((c) => texts[c]!),
        *blocks(rows, range) {
          const some = range && parts && rowsOf(parts, range, held);
          const order = held > 0 ? sortRows(stores, keys, held, some) : noRows;
          const more = order.length > 0 ? new HeldSource(stores, order, merge.ranks) : undefined;
          for (const { length, words } of mergedBlocks({ ...merge, runs }, rows, range, more)) {
            yield { length, words: places.map((c) => words[c]!) };
          }
        },
      };
    },
    close: () => file.close(),
  };
};

/** Several runs as one. Others have their turn meanwhile: it may take a minute. */
const oneRun = async (merge: Merge): Promise<SpilledRun> => {
  const { file, runs, widths, part } = merge;
  if (runs.length === 1) return runs[0]!;
  const run = file.begin(widths, true, part);
  let rows = 0;
  for (const block of mergedBlocks(merge, blockRows)) {
    run.add(block);
    rows += block.length;
    if (rows % turnRows === 0) await new Promise(setImmediate);
  }
  return run.end();
};
