/**
 * Writes a table part by part: those that are in the file before, with the same rows, are copied as bytes, of which only
 * the places change; the others are written. The file is the same, byte for byte, as if all of it were written.
 */
import { crc32 } from "node:zlib";
import { isEwbError } from "../../model/errors.ts";
import { atomicFile } from "../atomicFile.ts";
import type { ColumnTable } from "../column.ts";
import { isSamePart, type Part } from "../parts/part.ts";
import type { FileInParts } from "./fileInParts.ts";
import { type FilePart, isSameColumns, partsKey, partsText } from "./partsText.ts";
import { type Append, TableWriter } from "./tableWriter.ts";

/** Rows of a row group: what is in memory at once of a part. */
const groupRows = 16_384;

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
  while (written.length < parts.length) {
    const same = runOf(parts, written.length, sameAs, before?.parts ?? []);
    if (same.length > 0) {
      await copy(writer, before!, same);
      written.push(...same);
      continue;
    }
    const { from, to, rows, sum } = parts[written.length]!;
    const start = writer.offset;
    let [groups, stored] = [0, 0];
    writer.crc = 0;
    for (const block of table.blocks(groupRows, { from, to })) {
      await writer.group(block, table.texts);
      groups += 1;
      stored += block.length;
    }
    const { offset, crc } = writer;
    written.push({ from, to, rows, sum, groups, stored, size: offset - start, crc });
  }
  const { described } = writer;
  const text = partsText({ columns: table.columns, parts: written, described });
  await writer.end({ ...metadata, [partsKey]: text });
};

/** The parts from a place on that have not changed and followed one another before. */
const runOf = (
  parts: readonly Part[],
  at: number,
  sameAs: (part: Part) => FilePart | undefined,
  before: readonly FilePart[],
): readonly FilePart[] => {
  const first = sameAs(parts[at]!);
  if (first === undefined) return [];
  const begin = before.indexOf(first);
  let length = 1;
  while (at + length < parts.length) {
    const next = sameAs(parts[at + length]!);
    if (next === undefined || next !== before[begin + length]) break;
    length += 1;
  }
  return before.slice(begin, begin + length);
};

const copy = async (writer: TableWriter, before: FileInParts, parts: readonly FilePart[]): Promise<void> => {
  let [part, left, crc] = [0, parts[0]!.size, 0];
  const checked = async function* () {
    for await (const piece of before.bytes(parts)) {
      yield piece;
      for (let at = 0; at < piece.length; ) {
        const end = Math.min(piece.length, at + left);
        crc = crc32(piece.subarray(at, end), crc);
        left -= end - at;
        at = end;
        if (left > 0) continue;
        if (crc !== parts[part]!.crc) throw new Damaged(parts[part]!);
        part += 1;
        [left, crc] = [parts[part]?.size ?? 0, 0];
      }
    }
  };
  try {
    await writer.copy(before.described(parts, writer.offset), checked());
  } catch (error) {
    throw error instanceof RangeError ? new Damaged(parts[part]!) : error;
  }
  if (part < parts.length) throw new Damaged(parts[part]!);
};

/** The bytes of a part are not those that were written. */
class Damaged extends Error {
  readonly part: FilePart;

  constructor(part: FilePart) {
    super("its bytes are not those that were written");
    this.part = part;
  }
}
