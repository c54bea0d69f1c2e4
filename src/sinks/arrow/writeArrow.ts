/**
 * The result table as an Arrow IPC file (version 1.5 of the format, uncompressed), in record batches: texts as
 * dictionaries with ids of their own column, times as timestamps in UTC. Equal tables are equal files.
 */
import type { Data, DataType, Field, Vector } from "apache-arrow";
import type { ColumnType } from "../../model/row.ts";
import { atomicFile } from "../atomicFile.ts";
import type { Column, ColumnTable } from "../column.ts";
import { type Rows, sortedRows } from "../resultTable.ts";

type Arrow = typeof import("apache-arrow");

const batchRows = 65_536;

/**
 * Writes the result table as an Arrow IPC file, sorted by key, with `metadata` in the schema, whole or not at
 * all. Gives the size of the file in bytes.
 *
 * @throws `DuplicateRow`, `InvalidValue`, `Write`, as `writeParquet` does
 */
export const writeArrow = async (
  path: string,
  rows: Rows,
  metadata: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const table = sortedRows(rows);
  // Loaded when needed: few runs write this format.
  const arrow = await import("apache-arrow");
  const texts = table.columns.map(({ type }, column) =>
    type === "string" ? dictionary(arrow, table, column) : undefined,
  );
  const fields = table.columns.map(
    ({ name, type, nullable }, index): Field =>
      new arrow.Field(name, texts[index]?.type ?? numberType(arrow, type), nullable),
  );
  const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const schema = new arrow.Schema(fields, new Map(sorted));
  return atomicFile(path, async (append) => {
    const writer = new arrow.RecordBatchFileWriter();
    writer.reset(undefined, schema);
    for (let start = 0; start < Math.max(table.length, 1); start += batchRows) {
      const end = Math.min(start + batchRows, table.length);
      const children = table.columns.map((column, index) =>
        batchColumn(arrow, table, column, index, texts[index], start, end),
      );
      const data = arrow.makeData({ type: new arrow.Struct(fields), length: end - start, children });
      writer.write(new arrow.RecordBatch(schema, data));
    }
    writer.finish();
    await append(await writer.toUint8Array());
  });
};

interface Texts {
  readonly type: DataType;
  readonly codes: ReadonlyMap<string, number>;
  readonly values: Vector;
}

const dictionary = (arrow: Arrow, table: ColumnTable, column: number): Texts => {
  const codes = new Map<string, number>();
  for (let row = 0; row < table.length; row++) {
    const cell = table.cell(column, row);
    if (typeof cell === "string" && !codes.has(cell)) codes.set(cell, codes.size);
  }
  const values = arrow.vectorFromArray([...codes.keys()], new arrow.Utf8());
  return { type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), column), codes, values };
};

const numberType = (arrow: Arrow, type: ColumnType): DataType => {
  if (type === "int32") return new arrow.Int32();
  if (type === "int64") return new arrow.Int64();
  if (type === "timestamp") return new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, "UTC");
  return new arrow.Float64();
};

const batchColumn = (
  arrow: Arrow,
  table: ColumnTable,
  { type, nullable }: Column,
  index: number,
  texts: Texts | undefined,
  start: number,
  end: number,
): Data => {
  const length = end - start;
  const valid = new Uint8Array(Math.ceil(length / 64) * 8);
  const wide = type === "int64" || type === "timestamp";
  const data = wide
    ? new BigInt64Array(length)
    : type === "double"
      ? new Float64Array(length)
      : new Int32Array(length);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    const cell = table.cell(index, start + i);
    if (cell === null) {
      nullCount++;
      continue;
    }
    valid[i >> 3]! |= 1 << (i & 7);
    if (data instanceof BigInt64Array) data[i] = BigInt(cell);
    else data[i] = typeof cell === "string" ? texts!.codes.get(cell)! : cell;
  }
  return arrow.makeData({
    type: texts?.type ?? numberType(arrow, type),
    length,
    nullCount,
    ...(nullable ? { nullBitmap: valid } : {}),
    data,
    ...(texts === undefined ? {} : { dictionary: texts.values }),
  } as Parameters<Arrow["makeData"]>[0]) as Data;
};
