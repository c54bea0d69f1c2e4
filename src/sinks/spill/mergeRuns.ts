/**
 * Sorted runs as one, in blocks. A heap of runs says which row is next; rows that were chosen are copied column by column
 * when a block of a run is used up. Columns that have one cell in all rows are not read. Of each run a block of 256 rows
 * is in memory.
 */
import { type Block, nullWord, numbersOf, type PartRange } from "../column.ts";
import type { HeldSource } from "./heldSource.ts";
import { blockRows, type RunFile, type SpilledRun } from "./runFile.ts";
import { RunSource, type Source } from "./runSource.ts";

export interface Merge {
  readonly file: RunFile;
  readonly runs: readonly SpilledRun[];
  readonly widths: readonly (1 | 2)[];
  /** Columns that make the key, in the order rows are sorted by. */
  readonly keys: readonly number[];
  /** What the words of texts count, by column. */
  readonly ranks: readonly (Uint32Array | undefined)[];
  /** The key column that numbers the parts of the table, where it has some. */
  readonly part: number | undefined;
  /** Throws where two rows of one key differ. */
  readonly differ: (a: readonly Uint32Array[], b: readonly Uint32Array[]) => never;
}

const noNull = Uint32Array.of(nullWord, nullWord);

/** Bytes that are held of each run while such runs are merged. */
export const sourceBytes = ({ runs, widths, ranks }: Pick<Merge, "runs" | "widths" | "ranks">): number =>
  widths.reduce<number>(
    (sum, width, c) => sum + (constantOf(runs, c, ranks[c]) ? 0 : 4 * width * blockRows + 200),
    500,
  );

/**
 * The rows of all runs in order, equal ones once, `rows` at a time.
 *
 * @param range of parts: only their rows
 * @param held rows of these parts that are in no run
 */
export function* mergedBlocks(
  { file, runs, widths, keys, ranks, part, differ }: Merge,
  rows: number,
  range?: PartRange,
  held?: HeldSource,
): Generator<Block> {
  const ranged = range && part !== undefined ? { ...range, column: part } : undefined;
  const constants = widths.map((_, c) => {
    const of = c === ranged?.column ? undefined : constantOf(runs, c, ranks[c]);
    return of !== undefined && held?.hasOnly(c, of) === false ? undefined : of;
  });
  const out = widths.map((width, c) => filled(rows, width, constants[c]));
  const varying = [...widths.keys()].filter((c) => constants[c] === undefined);
  const room = () =>
    widths.map((width, c) => (constants[c] ? undefined : new Uint32Array(width * blockRows)));
  const bytes = new Uint8Array(
    Math.max(0, ...runs.map(({ sizes }) => sizes.reduce((a, b) => Math.max(a, b), 0))),
  );
  const sources: Source[] = runs.map((run) => new RunSource(file, run, room(), ranks, bytes, ranged));
  if (held) sources.push(held);
  // After the runs: the row that was chosen last, when its block is gone.
  const last = sources.length;
  const lastWords = room();
  const of = varying.map((c) => [...sources.map(({ words }) => words[c]!), lastWords[c]!]);
  const order = keys
    .filter((c) => constants[c] === undefined)
    .map((c) => comparison(of[varying.indexOf(c)]!, widths[c]!));
  const compare = (a: number, rowA: number, b: number, rowB: number): number => {
    for (let k = 0; k < order.length; k++) {
      const found = order[k]!(a, rowA, b, rowB);
      if (found !== 0) return found;
    }
    return 0;
  };

  const heap: number[] = [];
  const before = (a: number, b: number) => {
    const found = compare(a, sources[a]!.row, b, sources[b]!.row);
    return found < 0 || (found === 0 && a < b);
  };
  const sink = (from: number) => {
    const source = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, source)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = source;
  };
  for (const [s, source] of sources.entries()) if (source.next()) heap.push(s);
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(i);

  const chosen = { source: new Uint32Array(rows), row: new Uint32Array(rows) };
  let [length, copied] = [0, 0];
  let [lastSource, lastRow] = [-1, 0];
  const copy = () => {
    for (const [v, c] of varying.entries()) {
      copyRows(of[v]!, widths[c]!, chosen, copied, length, out[c]!);
    }
    copied = length;
  };
  const rowOf = (source: number, row: number) => {
    const words = constants.map((constant) => constant ?? new Uint32Array(0));
    for (const [v, c] of varying.entries()) words[c] = cellWords(of[v]![source]!, widths[c]!, row);
    return words;
  };
  while (heap.length > 0) {
    const s = heap[0]!;
    const source = sources[s]!;
    if (lastSource >= 0 && compare(lastSource, lastRow, s, source.row) === 0) {
      const [a, b] = [rowOf(lastSource, lastRow), rowOf(s, source.row)];
      if (a.some((words, c) => words.some((word, i) => word !== b[c]![i]))) differ(a, b);
    } else {
      if (length === rows) {
        copy();
        yield { length, words: out };
        [length, copied] = [0, 0];
      }
      chosen.source[length] = s;
      chosen.row[length++] = source.row;
      [lastSource, lastRow] = [s, source.row];
    }
    source.row += 1;
    if (source.row === source.length) {
      copy();
      if (lastSource === s) {
        for (const [v, c] of varying.entries()) lastWords[c]!.set(cellWords(of[v]![s]!, widths[c]!, lastRow));
        [lastSource, lastRow] = [last, 0];
      }
      if (!source.next()) {
        const other = heap.pop()!;
        if (heap.length > 0) heap[0] = other;
      }
    }
    if (heap.length > 0) sink(0);
  }
  copy();
  if (length > 0) yield { length, words: out };
}

/** The one cell that all runs have in a column, by the order of texts; undefined: there are several. */
const constantOf = (
  runs: readonly SpilledRun[],
  c: number,
  ranks: Uint32Array | undefined,
): Uint32Array | undefined => {
  let all: Uint32Array | undefined;
  for (const { constants, widths, isRanked } of runs) {
    const own = c < widths.length ? constants[c] : noNull;
    if (own === undefined) return undefined;
    const ranked = ranks === undefined || isRanked ? own : ranks.slice(own[0], own[0]! + 1);
    all ??= ranked;
    if (all.some((word, i) => word !== ranked[i])) return undefined;
  }
  return all;
};

const filled = (rows: number, width: 1 | 2, constant: Uint32Array | undefined): Uint32Array => {
  const words = new Uint32Array(rows * width);
  if (constant !== undefined) for (let i = 0; i < words.length; i++) words[i] = constant[i % width]!;
  return words;
};

const cellWords = (words: Uint32Array, width: 1 | 2, row: number): Uint32Array =>
  words.slice(width * row, width * (row + 1));

type Comparison = (a: number, rowA: number, b: number, rowB: number) => number;

/** Order of two cells of a column: null, numbers, NaN; texts by their words. */
const comparison = (words: readonly Uint32Array[], width: 1 | 2): Comparison => {
  if (width === 1) return (a, rowA, b, rowB) => words[a]![rowA]! - words[b]![rowB]!;
  const numbers = words.map(numbersOf);
  const kind = (s: number, row: number) =>
    words[s]![2 * row + 1] === nullWord ? 0 : Number.isNaN(numbers[s]![row]!) ? 2 : 1;
  return (a, rowA, b, rowB) => {
    const [x, y] = [numbers[a]![rowA]!, numbers[b]![rowB]!];
    if (x < y) return -1;
    if (x > y) return 1;
    return x === y ? 0 : kind(a, rowA) - kind(b, rowB);
  };
};

const copyRows = (
  words: readonly Uint32Array[],
  width: 1 | 2,
  { source, row }: { readonly source: Uint32Array; readonly row: Uint32Array },
  from: number,
  to: number,
  out: Uint32Array,
): void => {
  if (width === 1) {
    for (let i = from; i < to; i++) out[i] = words[source[i]!]![row[i]!]!;
    return;
  }
  for (let i = from; i < to; i++) {
    const [of, at] = [words[source[i]!]!, 2 * row[i]!];
    out[2 * i] = of[at]!;
    out[2 * i + 1] = of[at + 1]!;
  }
};
