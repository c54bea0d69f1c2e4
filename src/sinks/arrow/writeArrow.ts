/**
 * The result table as an Arrow IPC file (version 1.5 of the format, uncompressed), in record batches: texts as
 * dictionaries with ids of their own column, times as timestamps in UTC. Equal tables are equal files.
 */
import type { Data, DataType, Field, Vector } from "apache-arrow";
import type { ColumnType } from "../../model/row.ts";
import { atomicFile } from "../atomicFile.ts";
import { type Block, type Column, nullWord, numbersOf } from "../column.ts";
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
  const table = await sortedRows(rows);
  // Loaded when needed: few runs write this format.
  const arrow = await import("apache-arrow");
  const vectors = table.columns.map(({ type }, c) =>
    type === "string" ? arrow.vectorFromArray([...table.texts[c]!], new arrow.Utf8()) : undefined,
  );
  const types = table.columns.map(({ type }, c) =>
    type === "string"
      ? new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), c)
      : numberType(arrow, type),
  );
  const fields = table.columns.map(
    ({ name, nullable }, c): Field => new arrow.Field(name, types[c]!, nullable),
  );
  const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const schema = new arrow.Schema(fields, new Map(sorted));
  return atomicFile(path, async (append) => {
    const pieces: Uint8Array[] = [];
    // The library's own sink would keep the whole file.
    class Pieces extends arrow.AsyncByteQueue<Uint8Array> {
      override write(piece: Uint8Array): void {
        pieces.push(piece);
      }
    }
    const flush = async () => {
      for (const piece of pieces.splice(0)) await append(piece);
    };
    const writer = new arrow.RecordBatchFileWriter();
    writer.reset(new Pieces(), schema);
    const write = ({ length, words }: Block) => {
      const children = table.columns.map((column, c) =>
        batchColumn(arrow, column, types[c]!, vectors[c], words[c]!, length),
      );
      writer.write(
        new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(fields), length, children })),
      );
    };
    let isEmpty = true;
    for (const block of table.blocks(batchRows)) {
      write(block);
      isEmpty = false;
      await flush();
    }
    if (isEmpty) write({ length: 0, words: table.columns.map(() => new Uint32Array(0)) });
    writer.finish();
    await flush();
  });
};

const numberType = (arrow: Arrow, type: ColumnType): DataType => {
  if (type === "int32") return new arrow.Int32();
  if (type === "int64") return new arrow.Int64();
  if (type === "timestamp") return new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, "UTC");
  return new arrow.Float64();
};

const batchColumn = (
  arrow: Arrow,
  { type, nullable }: Column,
  as: DataType,
  dictionary: Vector | undefined,
  words: Uint32Array,
  length: number,
): Data => {
  const valid = new Uint8Array(Math.ceil(length / 64) * 8);
  const wide = type === "int64" || type === "timestamp";
  const data = wide
    ? new BigInt64Array(length)
    : type === "double"
      ? new Float64Array(length)
      : new Int32Array(length);
  const numbers = type === "string" ? undefined : numbersOf(words);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    if (numbers === undefined ? words[i] === 0 : words[2 * i + 1] === nullWord) {
      nullCount++;
      continue;
    }
    valid[i >> 3]! |= 1 << (i & 7);
    if (data instanceof BigInt64Array) data[i] = BigInt(numbers![i]!);
    else data[i] = numbers === undefined ? words[i]! - 1 : numbers[i]!;
  }
  return arrow.makeData({
    type: as,
    length,
    nullCount,
    ...(nullable ? { nullBitmap: valid } : {}),
    data,
    ...(dictionary === undefined ? {} : { dictionary }),
  } as Parameters<Arrow["makeData"]>[0]) as Data;
};
