import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { EwbError } from "../../model/errors.ts";
import { columns, type Row } from "../../model/row.ts";

export interface ReadTable {
  readonly rows: Row[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The rows and key-value metadata of a result table in Parquet, whichever tool has written it last; of a folder, of
 * all tables in it. Columns a metric added are in `extra`, where they are not null.
 *
 * @throws `StoreRead` where there is no such file or it is no Parquet, `MetadataInvalid` where it is no result
 * table of ewb
 * @example const { rows } = await readRows("heatwave.parquet");
 */
export const readRows = async (path: string): Promise<ReadTable> => {
  const { records, keyValues } = await readRecords(path);
  const first = records[0];
  const lacking = first === undefined ? [] : columns.filter(({ name }) => !(name in first));
  if (lacking.length > 0) {
    throw new EwbError(
      "MetadataInvalid",
      `${path} lacks the column${lacking.length > 1 ? "s" : ""} ${lacking.map(({ name }) => name).join(", ")}; ` +
        `expected a result table written by ewb`,
      { source: path },
    );
  }
  return { rows: records.map(row), metadata: Object.fromEntries(keyValues) };
};

type Records = Awaited<ReturnType<typeof fileRecords>>;

/** The records of any Parquet file, or of those in a folder, and its key-value metadata, e.g. of a table of failures. */
export const readRecords = async (path: string): Promise<Records> => {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
  if (!isFolder) return fileRecords(path);
  // Of a link that is set anew meanwhile, what it was when it was looked at.
  const folder = await realpath(path);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".parquet"));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const all: Records = { records: [], keyValues: [] };
  for (const name of names.sort(compare)) {
    const { records, keyValues } = await fileRecords(join(folder, name));
    for (const record of records) all.records.push(record);
    all.keyValues = keyValues;
  }
  return all;
};

const fileRecords = async (path: string) => {
  let opened: FileHandle | undefined;
  try {
    opened = await open(path);
    const file = await wholeFile(opened);
    const metadata = await parquetMetadataAsync(file);
    // Ours are snappy, which the reader has built in; other codecs only for tables rewritten by other tools.
    const ours = metadata.row_groups.every(({ columns }) =>
      columns.every(({ meta_data }) => meta_data?.codec === "SNAPPY" || meta_data?.codec === "UNCOMPRESSED"),
    );
    const codecs = ours ? {} : { compressors: (await import("hyparquet-compressors")).compressors };
    const records = await parquetReadObjects({ file, metadata, ...codecs });
    const keyValues = (metadata.key_value_metadata ?? []).map(
      ({ key, value }) => [key, value ?? ""] as const,
    );
    return { records, keyValues };
  } catch (cause) {
    throw new EwbError(
      "StoreRead",
      `could not read ${path}: ${cause instanceof Error ? cause.message : String(cause)}; ` +
        "expected a Parquet file",
      { source: path },
      { cause },
    );
  } finally {
    await opened?.close();
  }
};

/** One and the same file for all parts of it, however often another is put in its place meanwhile. */
export const wholeFile = async (file: FileHandle): Promise<AsyncBuffer> => {
  const { size } = await file.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const from = start < 0 ? size + start : start;
      const bytes = new Uint8Array((end < 0 ? size + end : end) - from);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
        if (bytesRead === 0) throw new Error(`the file ends ${bytes.length - filled} bytes early`);
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  };
};

const known: ReadonlySet<string> = new Set(columns.map(({ name }) => name));

const row = (record: Readonly<Record<string, unknown>>): Row => {
  const extra: Record<string, number> = {};
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const number =
      value instanceof Date ? value.getTime() : typeof value === "bigint" ? Number(value) : value;
    if (known.has(name)) plain[name] = number ?? null;
    else if (typeof number === "number") extra[name] = number;
  }
  return (Object.keys(extra).length > 0 ? { ...plain, extra } : plain) as unknown as Row;
};
