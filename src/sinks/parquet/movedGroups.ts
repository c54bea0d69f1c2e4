/**
 * What a footer says of row groups, as bytes, when the row groups lie elsewhere in another file: of each column chunk
 * three offsets change, all else stays as it is.
 */
import type { ByteWriter } from "hyparquet-writer";
import { ThriftBytes } from "./thriftBytes.ts";

// Fields of RowGroup, ColumnChunk and ColumnMetaData in parquet.thrift.
const columnsField = 1;
const [fileOffset, metaData] = [2, 3];
const [dataPage, indexPage, dictionaryPage] = [9, 10, 11];

/**
 * Appends `count` structs of row groups, which begin at `at` and end at `end`, with all offsets `by` further on.
 *
 * @throws RangeError where the bytes are not what they should be
 */
export const appendMoved = (
  to: ByteWriter,
  bytes: Uint8Array,
  {
    at,
    end,
    count,
    by,
  }: { readonly at: number; readonly end: number; readonly count: number; readonly by: number },
): void => {
  const from = new ThriftBytes(bytes, at);
  let copied = at;
  const move = (): true => {
    to.appendBytes(bytes.subarray(copied, from.at));
    appendPlace(to, from.integer() + by);
    copied = from.at;
    return true;
  };
  const chunk = (field: number): boolean => {
    if (field === fileOffset) return move();
    if (field !== metaData) return false;
    from.struct((of) => (of === dataPage || of === indexPage || of === dictionaryPage) && move());
    return true;
  };
  for (let group = 0; group < count; group++) {
    from.struct((field) => {
      if (field !== columnsField) return false;
      for (let { size } = from.list(); size > 0; size--) from.struct(chunk);
      return true;
    });
  }
  if (from.at !== end) throw new RangeError(`row groups end at ${from.at}, not at ${end}`);
  to.appendBytes(bytes.subarray(copied, end));
};

/** A number from 0 to 2^52 as a varint in zigzag: there are thousands of them, which big integers would make slow. */
const appendPlace = (to: ByteWriter, place: number): void => {
  let rest = 2 * place;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) to.appendUint8((rest % 0x80) | 0x80);
  to.appendUint8(rest);
};
