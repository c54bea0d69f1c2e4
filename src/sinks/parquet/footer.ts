/**
 * The end of a Parquet file. What is said of a row group is kept as the bytes it becomes, some 3 KB, because the objects
 * of thousands of row groups would be the largest thing a writer holds.
 */
import { crc32 } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { logicalType } from "hyparquet-writer/src/metadata.js";
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js";
import { unconvertStatistics } from "hyparquet-writer/src/unconvert.js";
import { appendMoved } from "./movedGroups.ts";

/** What readers need to know of one column of one row group. */
export interface WrittenColumn {
  readonly element: SchemaElement;
  readonly start: number;
  readonly size: number;
  readonly uncompressed: number;
  readonly values: number;
  /** Offset of the data page where a dictionary precedes it. */
  readonly data: number | undefined;
  readonly statistics: Parameters<typeof unconvertStatistics>[0];
}

// Numbers of the enums in parquet.thrift.
const types = { INT32: 1, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
const [plain, plainDictionary, rle, snappy, utf8] = [0, 2, 3, 1, 0];
const repetition = { REQUIRED: 0, OPTIONAL: 1 } as const;

const typeOf = ({ type }: SchemaElement): number => types[type as keyof typeof types];

export class Footer {
  readonly #elements: readonly SchemaElement[];
  readonly #groups = new ByteWriter(1 << 12);
  #count = 0;
  #rows = 0;

  constructor(elements: readonly SchemaElement[]) {
    this.#elements = elements;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#groups.buffer.byteLength;
  }

  /** CRC-32 of what is said of the row groups. */
  get crc(): number {
    return crc32(this.#groups.getBytes());
  }

  add(columns: readonly WrittenColumn[], rows: number): void {
    const sum = (size: "size" | "uncompressed") =>
      BigInt(columns.reduce((total, column) => total + column[size], 0));
    this.#count += 1;
    this.#rows += rows;
    serializeTCompactProtocol(this.#groups, {
      field_1: columns.map(columnChunk),
      field_2: sum("uncompressed"),
      field_3: BigInt(rows),
      field_6: sum("size"),
    });
  }

  /** Takes over `count` row groups of `rows` rows: what another footer says of them, for a place `by` bytes further on. */
  copy({
    bytes,
    rows,
    ...where
  }: { readonly bytes: Uint8Array; readonly rows: number } & Parameters<typeof appendMoved>[2]): void {
    appendMoved(this.#groups, bytes, where);
    this.#count += where.count;
    this.#rows += rows;
  }

  /** Version 1 is all that parquetjs-lite takes; no reader needs another. */
  write(writer: ByteWriter, metadata: Readonly<Record<string, string>>): void {
    const start = writer.offset;
    const root = { field_4: "schema", field_5: this.#elements.length };
    serializeTCompactProtocol(writer, {
      field_1: 1,
      field_2: [root, ...this.#elements.map(schemaElement)],
      field_3: BigInt(this.#rows),
    });
    // The struct goes on after its third field: the byte that ends it makes room for the list of row groups.
    writer.index -= 1;
    writer.offset -= 1;
    writer.appendUint8(fieldOfList);
    writer.appendUint8(0xf0 | structType);
    writer.appendVarInt(this.#count);
    writer.appendBytes(this.#groups.getBytes());
    // Fields are told by their distance: 1, 2, 3 are 5, 6, 7 here.
    serializeTCompactProtocol(writer, {
      field_1: Object.entries(metadata)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ field_1: key, field_2: value })),
      field_2: "ewb",
      field_3: this.#elements.map(() => ({ field_1: {} })),
    });
    writer.appendUint32(writer.offset - start);
  }
}

// Thrift's compact protocol: the next field, a list; elements that are structs.
const fieldOfList = 0x19;
const structType = 12;

const schemaElement = (element: SchemaElement) => ({
  field_1: typeOf(element),
  field_3: repetition[element.repetition_type as keyof typeof repetition],
  field_4: element.name,
  field_6: element.converted_type === "UTF8" ? utf8 : undefined,
  field_10: logicalType(element.logical_type),
});

const columnChunk = ({ element, start, size, uncompressed, values, data, statistics }: WrittenColumn) => ({
  field_2: BigInt(start),
  field_3: {
    field_1: typeOf(element),
    field_2: data === undefined ? [plain, rle] : [plain, plainDictionary, rle],
    field_3: [element.name],
    field_4: snappy,
    field_5: BigInt(values),
    field_6: BigInt(uncompressed),
    field_7: BigInt(size),
    field_9: BigInt(data ?? start),
    field_11: data === undefined ? undefined : BigInt(start),
    field_12: unconvertStatistics(statistics, element),
  },
});
