import { crc32 } from "node:zlib";
import type { ColumnMetaData } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";

/**
 * Walks the pages of a column chunk and checks what their headers state: that they lie in the chunk, are no larger
 * than the footer says, hold as many values, and agree with their CRC-32 where they have one. Returns what is wrong.
 */
export const checkPages = (bytes: Uint8Array, meta: ColumnMetaData): string | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  const whole = Number(meta.total_uncompressed_size);
  const expected = Number(meta.num_values);
  let values = 0;
  for (let page = 0; values < expected; page++) {
    if (reader.offset >= bytes.length) return `pages of ${values} values found, ${expected} expected`;
    let header: ReturnType<typeof parquetHeader>;
    try {
      header = parquetHeader(reader);
    } catch (error) {
      return `the header of page ${page} cannot be read (${(error as Error).message})`;
    }
    const { compressed_page_size: size, uncompressed_page_size: opened, crc } = header;
    const start = reader.offset;
    if (!(size >= 0) || start + size > bytes.length) {
      return `page ${page} of ${size} bytes, ${bytes.length - start} there`;
    }
    if (!(opened >= 0) || opened > whole) {
      return `page ${page} states ${opened} bytes decompressed, the column ${whole}`;
    }
    if (crc !== undefined) {
      const found = crc32(bytes.subarray(start, start + size)) | 0;
      if (found !== (crc | 0)) {
        const hex = (sum: number) => (sum >>> 0).toString(16).padStart(8, "0");
        return `checksum of page ${page} is ${hex(found)}, ${hex(crc)} was expected`;
      }
    }
    values += header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    reader.offset = start + size;
  }
  return values === expected ? undefined : `pages of ${values} values found, ${expected} expected`;
};
