/**
 * Every table that is written - results, failures, gaps, station reports - is a list of typed columns and their cells,
 * in blocks of rows in their final order; the writers of the formats know nothing else. Nothing is made for a cell: it
 * is one 32-bit word where the column holds texts (0: null, else one more than the place of its text in the sorted texts
 * of the column), and the two words of a float64 where it holds numbers (null is a NaN of its own). Times are
 * milliseconds UTC and 64-bit integers are plain numbers, as in the rows themselves.
 */
import type { ColumnType } from "../model/row.ts";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Name of a column that rows are sorted by and nobody sees. */
export const unnamed = "";

export type Cell = number | string | null;

/** Some rows: the words of each column. Good until the next block is asked for, which may use the same arrays. */
export interface Block {
  readonly length: number;
  readonly words: readonly Uint32Array[];
}

/** A table ready to be written. */
export interface ColumnTable {
  readonly columns: readonly Column[];
  /** The different texts of each column in the order of their words: by UTF-16 code units; empty for numbers. */
  readonly texts: readonly (readonly string[])[];
  /**
   * The rows in their final order, `rows` at a time; may be asked for several times, one after the other. Of a table that
   * has parts (see `parts/partRule.ts`) also those of some parts only.
   */
  blocks(rows: number, parts?: PartRange): Iterable<Block>;
}

/** Parts of a table by their numbers, both ends included. */
export interface PartRange {
  readonly from: number;
  readonly to: number;
}

/** Words a cell takes. */
export const widthOf = ({ type }: Column): 1 | 2 => (type === "string" ? 1 : 2);

/** Both words of a number that is null. */
export const nullWord = 0xffff_ffff;

/** High word of the one NaN that is written: the bits of a computed NaN depend on the processor. */
export const nanWord = 0x7ff8_0000;

/** The numbers of a column of numbers, over the same memory. */
export const numbersOf = (words: Uint32Array): Float64Array<ArrayBufferLike> =>
  new Float64Array(words.buffer, words.byteOffset, words.length >> 1);

/** The cells of a block one by one, for writers that go row by row. */
export const cellsOf = (
  { columns, texts }: Pick<ColumnTable, "columns" | "texts">,
  words: readonly Uint32Array[],
): ((c: number, row: number) => Cell) => {
  const numbers = columns.map((column, c) => (widthOf(column) === 2 ? numbersOf(words[c]!) : undefined));
  return (c, row) => {
    const of = numbers[c];
    if (of === undefined) return texts[c]![words[c]![row]! - 1] ?? null;
    return words[c]![2 * row + 1] === nullWord ? null : of[row]!;
  };
};
