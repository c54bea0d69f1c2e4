/**
 * Blosc 1, a block at a time: LZ4 and BloscLZ streams, byte and bit shuffle. Addresses and lengths are unsigned, and
 * lengths are compared with what is left, so that no sum can wrap. Whatever these functions refuse (a negative result)
 * is decoded again by the scalar code of `src/sources/codecs`, which knows the words.
 */
import { bytePlane } from "./bits";
import { blosclz } from "./blosclz";
import { lz4 } from "./lz4";
import { unshuffle } from "./unshuffle";

export { blosclz, lz4, unshuffle };

/**
 * The streams of a block, from `src` to `srcEnd`: each a length in four bytes and what it says, of `each` bytes when
 * decoded. They go to `scratch`, one behind the other, but for those that did not compress: these stay where they are,
 * and `table` says where each stream begins. Compressor 0 is BloscLZ, 1 LZ4, of which only the first `enough` bytes of
 * each stream need come.
 */
export function streams(
  compressor: u32,
  src: usize,
  srcEnd: usize,
  scratch: usize,
  count: usize,
  each: usize,
  enough: usize,
  table: usize,
): i32 {
  let at = src;
  let to = scratch;
  for (let stream: usize = 0; stream < count; stream++, to += each) {
    if (srcEnd - at < 4) return -20;
    const length = <usize>load<u32>(at);
    at += 4;
    if (length > srcEnd - at) return -21;
    let place = at;
    if (length != each) {
      const refused = compressor == 0 ? blosclz(at, at + length, to, to + each) : lz4(at, at + length, to, to + each, to + enough);
      if (refused != 0) return refused;
      place = to;
    }
    store<u32>(table + (stream << 2), <u32>place);
    at += length;
  }
  return 0;
}

/**
 * Undoes the bit shuffle: the planes in `planes` are eight rows of `row` bytes each. `count` elements from the element
 * `from` on (a multiple of 128; `count` of 8) go to `out`, by way of `temporary`, which has room for them. Says what
 * `unshuffle` says.
 */
export function bitUnshuffle(
  planes: usize,
  width: usize,
  row: usize,
  from: usize,
  count: usize,
  temporary: usize,
  table: usize,
  out: usize,
): i32 {
  for (let byte: usize = 0; byte < width; byte++) {
    const place = temporary + byte * count;
    bytePlane(load<u32>(planes + (byte << 2)), row, from, count, place);
    store<u32>(table + (byte << 2), <u32>place);
  }
  return unshuffle(table, width, 0, count, out);
}
