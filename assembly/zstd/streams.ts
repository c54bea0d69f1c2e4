/** Literals under a Huffman table: one stream, or four side by side (RFC 8878, 4.2.2). */
import { bitsBelow, markAt } from "./bits";
import { double, literalRoom, single } from "./memory";

/** Symbols of one stream, from `position` down to the bit `first`, into `to` up to `stop`; whether both end together. */
export function finish(position: u32, first: u32, to: usize, stop: usize): bool {
  while (to + 5 <= stop && position >= first + 56) {
    let bits = load<u64>((position >> 3) - 7) << <u64>(8 - (position & 7));
    let used: u32 = 0;
    for (let i: u32 = 0; i < 5; i++) {
      const entry = <u32>load<u16>(single + (<u32>(bits >> 53) << 1));
      bits <<= <u64>(entry & 63);
      used += entry & 255;
      store<u8>(to + i, <u8>(entry >> 8));
    }
    to += 5;
    position -= used;
  }
  while (to < stop) {
    const entry = <u32>load<u16>(single + (<u32>bitsBelow(position, 11) << 1));
    store<u8>(to++, <u8>(entry >> 8));
    position -= entry & 255;
    if (<i32>(position - first) < 0) return false;
  }
  return position == first;
}

// @ts-ignore: decorator
@inline
function step1(bits: u64, to: usize): u64 {
  const entry = <u32>load<u16>((<u32>(bits >> 53) << 1) + single);
  store<u8>(to, <u8>(entry >> 8));
  return bits << <u64>entry;
}

/** After `bits` were used up as their lowest set bit says: the 8 bytes below, that bit set anew. */
// @ts-ignore: decorator
@inline
function refill(from: usize, used: u64): u64 {
  return (load<u64>(from) | 1) << (used & 7);
}

/** Four streams into `literalRoom`; the sizes of the first three stand at `at`. By `double` where it is `paired`. */
export function fourStreams(at: usize, end: usize, size: u32, paired: bool): bool {
  const each: u32 = (size + 3) >> 2;
  if (end - at < 6 || size < 6 || each * 3 > size) return false;
  const end0 = at + 6 + load<u16>(at);
  const end1 = end0 + load<u16>(at, 2);
  const end2 = end1 + load<u16>(at, 4);
  if (end2 > end) return false;
  const first0 = at + 6;
  const mark0 = markAt(first0, end0);
  const mark1 = markAt(end0, end1);
  const mark2 = markAt(end1, end2);
  const mark3 = markAt(end2, end);
  if (mark0 == 0 || mark1 == 0 || mark2 == 0 || mark3 == 0) return false;
  let from0 = end0 - 8;
  let from1 = end1 - 8;
  let from2 = end2 - 8;
  let from3 = end - 8;
  let bits0 = (load<u64>(from0) | 1) << <u64>(<u32>end0 * 8 - mark0);
  let bits1 = (load<u64>(from1) | 1) << <u64>(<u32>end1 * 8 - mark1);
  let bits2 = (load<u64>(from2) | 1) << <u64>(<u32>end2 * 8 - mark2);
  let bits3 = (load<u64>(from3) | 1) << <u64>(<u32>end * 8 - mark3);
  let to0: usize = literalRoom;
  let to1: usize = to0 + each;
  let to2: usize = to1 + each;
  let to3: usize = to2 + each;
  const stop1 = to1;
  const stop2 = to2;
  const stop3 = to3;
  const stop: usize = literalRoom + size;
  // As many turns as are surely within all streams: a turn takes 5 symbols and less than 8 bytes of each.
  if (paired) {
    for (;;) {
      let turns = min(min(stop1 - to0, stop2 - to1), min(stop3 - to2, stop - to3)) / 10;
      const bytes = min(
        min(<i32>(from0 - first0), <i32>(from1 - end0)),
        min(<i32>(from2 - end1), <i32>(from3 - end2)),
      );
      if (bytes < 8 || turns == 0) break;
      turns = min(turns, <usize>bytes >> 3);
      do {
        for (let i: u32 = 0; i < 5; i++) {
          const entry0 = load<u32>((<u32>(bits0 >> 53) << 2) + double);
          const entry1 = load<u32>((<u32>(bits1 >> 53) << 2) + double);
          const entry2 = load<u32>((<u32>(bits2 >> 53) << 2) + double);
          const entry3 = load<u32>((<u32>(bits3 >> 53) << 2) + double);
          store<u16>(to0, <u16>entry0);
          store<u16>(to1, <u16>entry1);
          store<u16>(to2, <u16>entry2);
          store<u16>(to3, <u16>entry3);
          to0 += entry0 >> 24;
          to1 += entry1 >> 24;
          to2 += entry2 >> 24;
          to3 += entry3 >> 24;
          bits0 <<= <u64>(entry0 >> 16);
          bits1 <<= <u64>(entry1 >> 16);
          bits2 <<= <u64>(entry2 >> 16);
          bits3 <<= <u64>(entry3 >> 16);
        }
        const used0 = ctz(bits0);
        const used1 = ctz(bits1);
        const used2 = ctz(bits2);
        const used3 = ctz(bits3);
        from0 -= <usize>(used0 >> 3);
        from1 -= <usize>(used1 >> 3);
        from2 -= <usize>(used2 >> 3);
        from3 -= <usize>(used3 >> 3);
        bits0 = refill(from0, used0);
        bits1 = refill(from1, used1);
        bits2 = refill(from2, used2);
        bits3 = refill(from3, used3);
      } while (--turns);
    }
  } else {
    for (;;) {
      let turns = (stop - to3) / 5;
      const bytes = min(
        min(<i32>(from0 - first0), <i32>(from1 - end0)),
        min(<i32>(from2 - end1), <i32>(from3 - end2)),
      );
      if (bytes < 8 || turns == 0) break;
      turns = min(turns, <usize>bytes >> 3);
      do {
        bits0 = step1(bits0, to0);
        bits1 = step1(bits1, to1);
        bits2 = step1(bits2, to2);
        bits3 = step1(bits3, to3);
        bits0 = step1(bits0, to0 + 1);
        bits1 = step1(bits1, to1 + 1);
        bits2 = step1(bits2, to2 + 1);
        bits3 = step1(bits3, to3 + 1);
        bits0 = step1(bits0, to0 + 2);
        bits1 = step1(bits1, to1 + 2);
        bits2 = step1(bits2, to2 + 2);
        bits3 = step1(bits3, to3 + 2);
        bits0 = step1(bits0, to0 + 3);
        bits1 = step1(bits1, to1 + 3);
        bits2 = step1(bits2, to2 + 3);
        bits3 = step1(bits3, to3 + 3);
        bits0 = step1(bits0, to0 + 4);
        bits1 = step1(bits1, to1 + 4);
        bits2 = step1(bits2, to2 + 4);
        bits3 = step1(bits3, to3 + 4);
        to0 += 5;
        to1 += 5;
        to2 += 5;
        to3 += 5;
        const used0 = ctz(bits0);
        const used1 = ctz(bits1);
        const used2 = ctz(bits2);
        const used3 = ctz(bits3);
        from0 -= <usize>(used0 >> 3);
        from1 -= <usize>(used1 >> 3);
        from2 -= <usize>(used2 >> 3);
        from3 -= <usize>(used3 >> 3);
        bits0 = refill(from0, used0);
        bits1 = refill(from1, used1);
        bits2 = refill(from2, used2);
        bits3 = refill(from3, used3);
      } while (--turns);
    }
  }
  return (
    finish(<u32>from0 * 8 + 64 - <u32>ctz(bits0), <u32>first0 * 8, to0, stop1) &&
    finish(<u32>from1 * 8 + 64 - <u32>ctz(bits1), <u32>end0 * 8, to1, stop2) &&
    finish(<u32>from2 * 8 + 64 - <u32>ctz(bits2), <u32>end1 * 8, to2, stop3) &&
    finish(<u32>from3 * 8 + 64 - <u32>ctz(bits3), <u32>end2 * 8, to3, stop)
  );
}

