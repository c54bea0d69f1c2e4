/**
 * A result table in Parquet as it is on disk, part by part: what its footer says is kept as bytes, and one row group at a
 * time is decoded. It stays one and the same file however often another is put in its place. A table that says nothing
 * of its parts, or what is no longer so since another tool wrote it, is one part, which equals no other. A part whose bytes
 * are not those that were written has no rows: none that were turned are taken for what was said.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type FileMetaData, parquetRead } from "hyparquet";
import { columns as resultColumns } from "../../model/row.ts";
import type { Cell, Column } from "../column.ts";
import type { Part } from "../parts/part.ts";
import type { CellBlock, Published } from "../published/published.ts";
import { FooterBytes, type GroupBytes } from "./footerBytes.ts";
import { type FilePart, partsKey, partsOfText } from "./partsText.ts";
import { wholeFile } from "./readRows.ts";

/** Where the row groups of a part are: bytes of the file, and what the footer says of them. */
interface Where {
  readonly part: FilePart;
  readonly start: number;
  readonly groups: readonly GroupBytes[];
}

/** Bytes that are read at once. */
const pieceBytes = 1 << 20;

export class FileInParts implements Published {
  readonly columns: readonly Column[];
  readonly isInParts: boolean;
  readonly #file: FileHandle;
  readonly #footer: FooterBytes;
  readonly #parts = new Map<Part, Where>();
  #isDamaged = false;

  private constructor(file: FileHandle, footer: Uint8Array, end: number) {
    this.#file = file;
    this.#footer = new FooterBytes(footer, partsKey);
    const { groups, text } = this.#footer;
    const known = text === undefined ? undefined : partsOfText(text);
    const whole = { groups: groups.length, stored: 0, size: end - 4, crc: 0 };
    const unknown = {
      from: Number.NEGATIVE_INFINITY,
      to: Number.POSITIVE_INFINITY,
      rows: 0,
      sum: "",
      ...whole,
    };
    const sum = (of: "groups" | "size") => known?.parts.reduce((sum, part) => sum + part[of], 0);
    const told = footer.subarray(groups[0]?.at, groups.at(-1)?.end);
    const isSo =
      known?.described === crc32(told) && sum("groups") === groups.length && sum("size") === end - 4;
    this.isInParts = isSo;
    this.columns = isSo ? known!.columns : shownIn(this.#footer.metadata([]));
    let [group, start] = [0, 4];
    for (const part of isSo ? known!.parts : [unknown]) {
      this.#parts.set(part, { part, start, groups: groups.slice(group, group + part.groups) });
      group += part.groups;
      start += part.size;
    }
  }

  /** Undefined: there is no file, or none that could be read. */
  static async open(path: string): Promise<FileInParts | undefined> {
    const file = await open(path).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const { slice, byteLength } = await wholeFile(file);
      const size = new DataView(await slice(byteLength - 8)).getUint32(0, true);
      const footer = new Uint8Array(await slice(byteLength - 8 - size, byteLength - 8));
      return new FileInParts(file, footer, byteLength - 8 - size);
    } catch {
      await file.close();
      return undefined;
    }
  }

  get parts(): readonly FilePart[] {
    return [...this.#parts.values()].map(({ part }) => part);
  }

  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  async *blocks(part: Part): AsyncGenerator<CellBlock> {
    const { groups, part: one } = this.#parts.get(part)!;
    const isWhole = !this.isInParts || (await this.#crcOf(one)) === one.crc;
    for (const group of groups) {
      const block = isWhole ? await this.#blockOf(group).catch(() => undefined) : undefined;
      this.#isDamaged ||= block === undefined;
      if (block === undefined) return;
      yield block;
    }
  }

  async #blockOf(group: GroupBytes): Promise<CellBlock> {
    const metadata = this.#footer.metadata([group]);
    const data = new Map<string, ArrayLike<unknown>[]>();
    await parquetRead({
      file: await wholeFile(this.#file),
      metadata,
      ...(await codecsOf(metadata)),
      parsers: { timestampFromMilliseconds: Number },
      onChunk: ({ columnName, columnData }) => {
        data.set(columnName, [...(data.get(columnName) ?? []), columnData]);
      },
    });
    const cells = this.columns.map(({ name }) => oneArray(data.get(name) ?? []));
    return { length: Number(metadata.row_groups[0]!.num_rows), cell: (c, row) => cellOf(cells[c]![row]) };
  }

  /** What a footer says of parts that follow one another, for a writer that has them at `offset`. */
  described(parts: readonly Part[], offset: number) {
    const where = parts.map((part) => this.#parts.get(part)!);
    const groups = where.flatMap((one) => one.groups);
    const rows = where.reduce((sum, { part }) => sum + part.stored, 0);
    const by = offset - where[0]!.start;
    return {
      bytes: this.#footer.bytes,
      rows,
      at: groups[0]!.at,
      end: groups.at(-1)!.end,
      count: groups.length,
      by,
    };
  }

  /** The bytes of parts that follow one another; fewer where they cannot be read. */
  async *bytes(parts: readonly FilePart[]): AsyncGenerator<Uint8Array> {
    const { start } = this.#parts.get(parts[0]!)!;
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const buffer = new Uint8Array(Math.min(pieceBytes, size));
    for (let done = 0; done < size; ) {
      const most = Math.min(buffer.length, size - done);
      const read = await this.#file.read(buffer, 0, most, start + done).catch(() => undefined);
      if (!read?.bytesRead) return;
      yield buffer.subarray(0, read.bytesRead);
      done += read.bytesRead;
    }
  }

  async #crcOf(part: FilePart): Promise<number> {
    let crc = 0;
    for await (const piece of this.bytes([part])) crc = crc32(piece, crc);
    return crc;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const knownColumns = new Map(resultColumns.map((column) => [column.name as string, column]));

const shownIn = ({ schema }: FileMetaData): readonly Column[] =>
  schema
    .slice(1)
    .map(
      ({ name, type }) =>
        knownColumns.get(name) ?? { name, type: type === "INT64" ? "int64" : "double", nullable: true },
    );

/** Ours are snappy, which the reader has built in; others only where other tools have written. */
const codecsOf = async ({ row_groups }: FileMetaData) => {
  const ours = row_groups.every(({ columns }) =>
    columns.every(({ meta_data }) => meta_data?.codec === "SNAPPY" || meta_data?.codec === "UNCOMPRESSED"),
  );
  return ours ? {} : { compressors: (await import("hyparquet-compressors")).compressors };
};

const oneArray = (arrays: readonly ArrayLike<unknown>[]): ArrayLike<unknown> =>
  arrays.length === 1 ? arrays[0]! : arrays.flatMap((array) => Array.from(array));

const cellOf = (value: unknown): Cell =>
  typeof value === "bigint"
    ? Number(value)
    : value instanceof Date
      ? value.getTime()
      : ((value ?? null) as Cell);
