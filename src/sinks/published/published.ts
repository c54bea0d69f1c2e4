/**
 * A table that is published again and again: what is there of it, part by part, and how the next one takes its place.
 * Parts whose rows have not changed are taken over as they are.
 */
import type { Cell, Column, ColumnTable } from "../column.ts";
import type { Part } from "../parts/part.ts";
import type { PartRule } from "../parts/partRule.ts";
import type { PartSum } from "../parts/partSums.ts";

/** Some rows: a cell by the place of its column and its row. */
export interface CellBlock {
  readonly length: number;
  readonly cell: (c: number, row: number) => Cell;
}

export interface Published {
  readonly columns: readonly Column[];
  /** Whether it says what its parts are: else it is one, which equals no other. */
  readonly isInParts: boolean;
  /** In order. */
  readonly parts: readonly Part[];
  /** Whether rows that were asked for are no longer there: their bytes are not those that were written. */
  readonly isDamaged: boolean;
  /** The rows of one of its parts. */
  blocks(part: Part): AsyncIterable<CellBlock>;
  close(): Promise<void>;
}

export interface Place {
  /** What is told of it: a file or a folder. */
  readonly path: string;
  readonly rule: PartRule;
  /** What is published there; undefined: nothing that could be read. */
  open(): Promise<Published | undefined>;
  partsOf(sums: readonly PartSum[]): readonly Part[];
  /**
   * Publishes a table of these parts, whole or not at all; `before`: what `open` gave. Gives its size in bytes.
   *
   * @throws `Write`
   */
  write(
    table: ColumnTable,
    parts: readonly Part[],
    metadata: Readonly<Record<string, string>>,
    before: Published | undefined,
  ): Promise<number>;
}
