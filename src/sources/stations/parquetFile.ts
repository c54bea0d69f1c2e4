/**
 * A Parquet file behind a store, read strictly: the footer is checked against the file before anything is allocated
 * by it, pages are checked against their checksums before they are decoded. Row groups are read one at a time, and of
 * those only the columns asked for. Format: https://parquet.apache.org/docs/file-format.
 */
import type { ColumnMetaData, DecodedArray, FileMetaData } from "hyparquet";
import { parquetMetadata, parquetScan } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type ErrorTag, EwbError, isEwbError } from "../../model/errors.ts";
import type { Store } from "../stores/store.ts";
import { checkPages } from "./checkPages.ts";

export interface ParquetFile {
  /** For messages. */
  readonly address: string;
  readonly id: string;
  readonly version: string;
  readonly metadata: FileMetaData;
  /** Bytes held for as long as the file is open: all of it where a server can give no parts. */
  readonly resident: number;
  /** A column of a row group: times as milliseconds, other types as stored, null where it has no value. */
  column(group: number, name: string, signal: AbortSignal | undefined): Promise<DecodedArray>;
}

interface Options {
  readonly signal?: AbortSignal;
  count(bytes: number, requests: number): void;
}

/** Times as milliseconds; no objects. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => Number(value),
  timestampFromMicroseconds: (value: bigint) => Math.round(Number(value) / 1000),
  timestampFromNanoseconds: (value: bigint) => Math.round(Number(value / 1000n) / 1000),
  dateFromDays: (value: number) => value * 86_400_000,
};

const tail = 65_536;

const wordAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);

const magic = 0x31524150;

export const columnStart = ({
  dictionary_page_offset: dictionary,
  data_page_offset: data,
}: ColumnMetaData): number => Number(dictionary || data);

/** Refuses a footer whose parts do not fit each other or the file. Gives what is wrong, or nothing. */
const footerFault = (
  { schema, row_groups: groups, num_rows: rows }: FileMetaData,
  size: number,
): string | undefined => {
  const leaves = schema.filter(({ type }) => type !== undefined).length;
  if (schema.length < 2 || schema.some(({ name }) => typeof name !== "string"))
    return "a schema without columns";
  let sum = 0;
  for (const [i, group] of groups.entries()) {
    const count = Number(group.num_rows);
    sum += count;
    if (!(count >= 0)) return `row group ${i} with ${count} rows`;
    if (group.columns.length !== leaves)
      return `row group ${i} with ${group.columns.length} columns of ${leaves}`;
    for (const { meta_data: meta } of group.columns) {
      if (!meta) return `row group ${i} without the metadata of a column`;
      const start = columnStart(meta);
      const length = Number(meta.total_compressed_size);
      if (!(start >= 4 && length >= 0 && start + length <= size - 8)) {
        return `row group ${i} with bytes ${start} to ${start + length} of a file of ${size}`;
      }
    }
  }
  return sum === Number(rows) ? undefined : `${rows} rows, and ${sum} in its row groups`;
};

/** Opens a Parquet file by its footer. Throws an `EwbError` that names the file and its length where it is none. */
export const openParquet = async (
  store: Store,
  key: string,
  { signal, count }: Options,
): Promise<ParquetFile> => {
  const address = `${store.address}/${key}`;
  const fail = (tag: ErrorTag, text: string, cause?: unknown): EwbError =>
    new EwbError(tag, `${address}: ${text}`, { source: address }, { cause });
  const options = signal ? { signal, count } : { count };
  let whole: Uint8Array | undefined;
  const end = await store.getRange(key, { suffixLength: tail }, options).catch(async (error) => {
    if (!isEwbError(error, "StoreRead")) throw error;
    // a server that cannot serve the end of an object serves all of it, or that is the error
    const all = await store.get(key, options).catch(() => undefined);
    if (!all) throw error;
    whole = all.bytes;
    return all;
  });
  if (!end) throw fail("NotFound", "no such file");
  const size = ("total" in end ? (end.total as number | undefined) : undefined) ?? end.bytes.length;
  if (size === 0) throw fail("MetadataInvalid", "an empty file (0 bytes); a Parquet file was expected");
  let bytes = end.bytes;
  if (size < 12 || wordAt(bytes, bytes.length - 4) !== magic) {
    throw fail(
      "MetadataInvalid",
      `no Parquet footer at the end of ${size} bytes ("PAR1" was expected); the file is cut, or no Parquet file`,
    );
  }
  const length = wordAt(bytes, bytes.length - 8);
  if (length + 12 > size) {
    throw fail(
      "MetadataInvalid",
      `a footer of ${length} bytes is stated, the file has ${size}; it is damaged`,
    );
  }
  if (length + 8 > bytes.length) {
    const footer = await store.getRange(key, { offset: size - length - 8, length: length + 8 }, options);
    if (!footer) throw fail("StoreRead", "the file went away while it was read");
    bytes = footer.bytes;
  }
  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(bytes.slice(bytes.length - length - 8), { parsers, geoparquet: false });
  } catch (error) {
    throw fail(
      "MetadataInvalid",
      `the footer cannot be read (${(error as Error).message}); the file is damaged`,
      error,
    );
  }
  const fault = footerFault(metadata, size);
  if (fault) throw fail("MetadataInvalid", `the footer states ${fault}; the file is damaged`);

  const starts: number[] = [];
  let row = 0;
  for (const { num_rows: rows } of metadata.row_groups) {
    starts.push(row);
    row += Number(rows);
  }
  return {
    address,
    id: `${store.id}/${key}`,
    version: end.version,
    metadata,
    resident: whole?.length ?? 0,
    async column(group, name, abort) {
      const part = metadata.row_groups[group]!;
      const meta = part.columns.find(({ meta_data: found }) => found?.path_in_schema.join(".") === name)!
        .meta_data!;
      const offset = columnStart(meta);
      const stored = Number(meta.total_compressed_size);
      const settings = abort ? { signal: abort, count } : { count };
      const found = whole
        ? { bytes: whole.subarray(offset, offset + stored), version: end.version }
        : await store.getRange(key, { offset, length: stored }, settings);
      const where = `row group ${group}, column ${name}`;
      if (!found || found.version !== end.version) {
        throw fail("StoreRead", `${where}: the file changed while it was read`);
      }
      const wrong = checkPages(found.bytes, meta);
      if (wrong) throw fail("Codec", `${where}: ${wrong}; the file is damaged`);
      const rows = Number(part.num_rows);
      try {
        const file = {
          byteLength: size,
          slice: (start: number, stop = size) =>
            found.bytes.slice(start - offset, stop - offset).buffer as ArrayBuffer,
        };
        const scan = await parquetScan({
          file,
          metadata,
          columns: [name],
          compressors,
          parsers,
          geoparquet: false,
          useOffsetIndex: false,
        });
        const start = starts[group]!;
        const values =
          rows === 0 ? [] : await scan.readColumn({ column: name, rowStart: start, rowEnd: start + rows });
        if (values.length === rows) return values;
        throw new Error(`${values.length} values found, ${rows} expected`);
      } catch (error) {
        throw fail("Codec", `${where}: ${(error as Error).message}; the file is damaged`, error);
      }
    },
  };
};
