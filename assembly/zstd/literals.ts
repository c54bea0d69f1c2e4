/** The first section of a block: its literals (RFC 8878, 3.1.1.3.1). */
import { markAt } from "./bits";
import { huffmanThere, pairUp, readHuffman } from "./huffman";
import { blockMost, literalRoom } from "./memory";
import { finish, fourStreams } from "./streams";

/** What `readLiterals` found beside the end. */
export let literalsAt: usize = 0;
export let literalsSize: u32 = 0;

/** The literals of a block: sets `literalsAt` and `literalsSize`; returns where the section ends, or 0. */
export function readLiterals(at: usize, end: usize): usize {
  const word = load<u32>(at);
  const kind = word & 3;
  const format = (word >> 2) & 3;
  if (kind < 2) {
    const header: u32 = format == 1 ? 2 : format == 3 ? 3 : 1;
    const size: u32 = header == 1 ? (word & 255) >> 3 : (word & (header == 2 ? 0xffff : 0xffffff)) >> 4;
    const from = at + header;
    if (size > blockMost || from + (kind == 0 ? size : 1) > end) return 0;
    literalsSize = size;
    if (kind == 0) {
      literalsAt = from;
      return from + size;
    }
    memory.fill(literalRoom, load<u8>(from), size);
    literalsAt = literalRoom;
    return from + 1;
  }
  const header: u32 = format < 2 ? 3 : format + 2;
  const width: u32 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const head = load<u64>(at) >> 4;
  const size: u32 = <u32>head & ((1 << width) - 1);
  const length: u32 = <u32>(head >> <u64>width) & ((1 << width) - 1);
  let from: usize = at + header;
  if (size > blockMost || from + length > end) return 0;
  const next = from + length;
  if (kind == 2) {
    from = readHuffman(from, next);
    if (from == 0) return 0;
  } else if (!huffmanThere()) return 0;
  literalsAt = literalRoom;
  literalsSize = size;
  if (format == 0) {
    const mark = markAt(from, next);
    return mark != 0 && finish(mark, <u32>from * 8, literalRoom, literalRoom + size) ? next : 0;
  }
  // Two symbols a lookup pay where most codes are short enough for two in 11 bits, and there are enough of them.
  const paired = size > 8192 && length * 8 < size * 5;
  if (paired) pairUp();
  return fourStreams(from, next, size, paired) ? next : 0;
}
