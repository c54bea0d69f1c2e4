/**
 * One column of one row group. Numbers, and texts with many different values, go through the library's own column
 * writer; texts with few become a dictionary here, because readers of the older kind know dictionary pages only
 * under their first name, PLAIN_DICTIONARY, which the library does not write.
 */
import type { ColumnChunk, SchemaElement } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import { writeColumn } from "hyparquet-writer/src/column.js";
import { writeDataPageV2 } from "hyparquet-writer/src/datapage.js";
import { writeDictionaryPage } from "hyparquet-writer/src/dictionary.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import type { Cell } from "../column.ts";

/** What the library keeps of a column chunk until the footer. */
export type WrittenColumn = ReturnType<typeof writeColumn>;

/**
 * Different texts of a row group that still make a dictionary: parquetjs-lite misreads repeated indices of more
 * than 8 bits.
 */
const largestDictionary = 256;

/** Appends the cells of a column to the file and says where they are. */
export const columnChunk = (
  writer: ByteWriter,
  element: SchemaElement,
  cells: readonly (Cell | bigint)[],
): WrittenColumn => {
  const nullable = element.repetition_type === "OPTIONAL";
  const pageData = {
    values: cells as (Cell | bigint)[],
    definitionLevels: nullable ? cells.map((cell) => (cell === null ? 0 : 1)) : [],
    repetitionLevels: [],
    maxDefinitionLevel: nullable ? 1 : 0,
  };
  const column = {
    columnName: element.name,
    element,
    schemaPath: [{ name: "schema", num_children: 1 }, element],
    codec: "SNAPPY" as const,
    compressors: { SNAPPY: snappyCompress },
    stats: true,
    pageSize: 1 << 20,
    columnIndex: false,
    offsetIndex: true,
    encoding: "PLAIN" as const,
  };
  const dictionary = element.type === "BYTE_ARRAY" ? dictionaryOf(cells) : undefined;
  if (dictionary === undefined) return writeColumn({ writer, column, pageData });

  const start = writer.offset;
  const encoder = new TextEncoder();
  const texts = [...dictionary.keys()];
  let size = writeDictionaryPage(
    writer,
    column,
    texts.map((text) => encoder.encode(text)),
  );
  const data = writer.offset;
  const values = cells.map((cell) => (cell === null ? null : dictionary.get(cell as string)!));
  size += writeDataPageV2({
    writer,
    column,
    encoding: "PLAIN_DICTIONARY",
    pageData: { ...pageData, values },
  });
  const meta_data: ColumnChunk["meta_data"] = {
    type: "BYTE_ARRAY",
    encodings: ["PLAIN", "PLAIN_DICTIONARY", "RLE"],
    path_in_schema: [element.name],
    codec: "SNAPPY",
    num_values: BigInt(cells.length),
    total_compressed_size: BigInt(writer.offset - start),
    total_uncompressed_size: BigInt(size),
    data_page_offset: BigInt(data),
    dictionary_page_offset: BigInt(start),
    statistics: { null_count: BigInt(values.filter((value) => value === null).length) },
  };
  return { chunk: { meta_data, file_offset: BigInt(start) } };
};

/** Codes of the different texts in the order they come; undefined: too many, or none. */
const dictionaryOf = (cells: readonly (Cell | bigint)[]): ReadonlyMap<string, number> | undefined => {
  const codes = new Map<string, number>();
  for (const cell of cells) {
    if (typeof cell !== "string" || codes.has(cell)) continue;
    if (codes.size === largestDictionary) return undefined;
    codes.set(cell, codes.size);
  }
  return codes.size === 0 ? undefined : codes;
};
