import { type HuffmanTable, huffmanStream, readHuffman } from "./huffman.ts";
import { zstdBlockMost, zstdCorrupt } from "./zstdFrame.ts";

/** The literals of a block, the table the next block may use again, and where the section ends. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly table: HuffmanTable | undefined;
  readonly next: number;
}

/** The first section of a compressed block (RFC 8878, 3.1.1.3.1). `source` is padded with 8 bytes on both sides. */
export function zstdLiterals(
  source: Uint8Array,
  at: number,
  end: number,
  before: HuffmanTable | undefined,
): Literals {
  const head = source[at]!;
  const kind = head & 3;
  const format = (head >> 2) & 3;
  const word = head | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
  const room = (section: number, bytes: number) => {
    if (section + bytes > end)
      throw zstdCorrupt("literals that end early", `${section + bytes - end} bytes more`);
    return section;
  };
  const checked = (size: number) => {
    if (size > zstdBlockMost) throw zstdCorrupt(`${size} literals`, `at most ${zstdBlockMost}`);
    return size;
  };
  if (kind < 2) {
    const header = format === 1 ? 2 : format === 3 ? 3 : 1;
    const size = checked(header === 1 ? head >> 3 : (word & (header === 2 ? 0xffff : 0xffffff)) >>> 4);
    const from = room(at + header, kind === 0 ? size : 1);
    if (kind === 0) return { bytes: source.subarray(from, from + size), table: before, next: from + size };
    return { bytes: new Uint8Array(size).fill(source[from]!), table: before, next: from + 1 };
  }
  const header = format < 2 ? 3 : format + 2;
  const width = format < 2 ? 10 : format === 2 ? 14 : 18;
  const size = checked((word >>> 4) & ((1 << width) - 1));
  const high = source[at + 4]!;
  const length =
    format < 2 ? (word >>> 14) & 1023 : format === 2 ? word >>> 18 : (word >>> 22) | (high << 10);
  let from = room(at + header, length);
  const next = from + length;
  let table = before;
  if (kind === 2) ({ table, next: from } = readHuffman(source, from, next));
  if (table === undefined) throw zstdCorrupt("literals under the table before", "a table before");
  const bytes = new Uint8Array(size);
  if (format === 0) {
    huffmanStream(table, source, from, next, bytes, 0, size);
    return { bytes, table, next };
  }
  const each = (size + 3) >> 2;
  if (next - from < 6 || size < 6 || each * 3 > size)
    throw zstdCorrupt("four streams too short", "more literals");
  let stream = from + 6;
  for (let i = 0; i < 4; i++) {
    const two = source[from + i * 2]! | (source[from + i * 2 + 1]! << 8);
    const stop = i === 3 ? next : stream + two;
    if (stop > next) throw zstdCorrupt("a Huffman stream that ends early", `${stop - next} bytes more`);
    huffmanStream(table, source, stream, stop, bytes, each * i, i === 3 ? size : each * (i + 1));
    stream = stop;
  }
  return { bytes, table, next };
}
