/**
 * Writes a table part by part: those that are in the file before, with the same rows, are copied as bytes, of which only
 * the places change; the others are written. The file is the same, byte for byte, as if all of it were written.
 */
import { isEwbError } from "../../model/errors.ts";
import { atomicFile } from "../atomicFile.ts";
import type { ColumnTable } from "../column.ts";
import { isSamePart, type Part } from "../parts/part.ts";
import type { FileInParts } from "./fileInParts.ts";
import { type FilePart, isSameColumns, partsKey, partsText } from "./partsText.ts";
import { type Append, TableWriter } from "./tableWriter.ts";

/** Rows of a row group: what is in memory at once of a part. */
const groupRows = 32_768;

/**
 * @param before the file that was published last
 * @throws `Write` where the file cannot be written
 */
export const writeInParts = async (
  path: string,
  table: ColumnTable,
  parts: readonly Part[],
  metadata: Readonly<Record<string, string>>,
  before?: FileInParts,
): Promise<number> => {
  const damaged = new Set<Part>();
  const old = before !== undefined && isSameColumns(before.columns, table.columns) ? before : undefined;
  for (;;) {
    const known = new Map(old?.parts.map((part) => [part.from, part]));
    const sameAs = (part: Part): FilePart | undefined => {
      const found = known.get(part.from);
      return found && isSamePart(found, part) && !damaged.has(found) ? found : undefined;
    };
    try {
      return await atomicFile(path, (append) => write(append, table, parts, metadata, sameAs, old));
    } catch (error) {
      // It is written anew from its rows.
      const cause = isEwbError(error) ? error.cause : undefined;
      if (!(cause instanceof Damaged)) throw error;
      damaged.add(cause.part);
    }
  }
};

const write = async (
  append: Append,
  table: ColumnTable,
  parts: readonly Part[],
  metadata: Readonly<Record<string, string>>,
  sameAs: (part: Part) => FilePart | undefined,
  before: FileInParts | undefined,
): Promise<void> => {
  const writer = new TableWriter(append, table.columns);
  const written: FilePart[] = [];
  for (const { from, to, rows, sum } of parts) {
    const start = writer.offset;
    writer.crc = 0;
    const same = sameAs({ from, to, rows, sum });
    let [groups, stored] = [same?.groups ?? 0, same?.stored ?? 0];
    if (same !== undefined) {
      try {
        await writer.copy(before!.described(same, start), before!.bytes(same));
      } catch (error) {
        throw error instanceof RangeError ? new Damaged(same) : error;
      }
      if (writer.crc !== same.crc || writer.offset - start !== same.size) throw new Damaged(same);
    } else {
      for (const block of table.blocks(groupRows, { from, to })) {
        await writer.group(block, table.texts);
        groups += 1;
        stored += block.length;
      }
    }
    const { offset, crc } = writer;
    written.push({ from, to, rows, sum, groups, stored, size: offset - start, crc });
  }
  await writer.end({ ...metadata, [partsKey]: partsText({ columns: table.columns, parts: written }) });
};

/** The bytes of a part are not those that were written. */
class Damaged extends Error {
  readonly part: FilePart;

  constructor(part: FilePart) {
    super("its bytes are not those that were written");
    this.part = part;
  }
}
