/**
 * What LZ4 and BloscLZ share: copies of literals and of matches, 16 bytes at a time where there is room for 16. Nothing
 * at or behind `outEnd` is written, nothing at or behind `srcEnd` is read. Callers have checked that the length fits.
 *
 * A match is copied without asking how near it is: 16 bytes from it, of which a distance below 16 repeats the first
 * ones. What is asked here is asked of every match, and a branch that is guessed wrong costs more than all of it.
 */

/** By distance: which bytes of the 16 from the match on make the next 16. */
const patterns = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // none
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 1
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, // 2
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, // 3
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, // 4
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, // 5
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, // 6
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, // 7
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, // 8
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, // 9
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, // 10
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4, // 11
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, // 12
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2, // 13
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1, // 14
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, // 15
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, // 16 and more
]);

/** The greatest multiple of the distance that is no more than 16. */
const steps = memory.data<u8>([16, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15, 16]);

// @ts-ignore: decorator
@inline
function patternOf(distance: usize): v128 {
  return v128.load(patterns + ((distance < 16 ? distance : 16) << 4));
}

/** 16 bytes to `to` from `distance` (1 at least) back; 16 bytes from there on may be read, and 16 be written. */
// @ts-ignore: decorator
@inline
export function copySixteen(to: usize, distance: usize): void {
  v128.store(to, i8x16.swizzle(v128.load(to - distance), patternOf(distance)));
}

/** `length` bytes from `from` to `to`, which do not overlap. */
export function copyLiterals(from: usize, srcEnd: usize, to: usize, outEnd: usize, length: usize): void {
  const end = to + length;
  if (length > 1024 || outEnd - end < 32 || srcEnd - from - length < 32) {
    memory.copy(to, from, length);
    return;
  }
  do {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += 32;
    from += 32;
  } while (to < end);
}

/** `length` bytes to `to` from `distance` (1 at least) back, byte after byte as far as anyone can tell. */
export function copyMatch(to: usize, outEnd: usize, distance: usize, length: usize): void {
  const end = to + length;
  let from = to - distance;
  if (outEnd - to >= 48) {
    const pattern = patternOf(distance);
    const step: usize = load<u8>(steps + (distance < 16 ? distance : 16));
    const ahead: usize = distance < 16 ? 0 : 16;
    v128.store(to, i8x16.swizzle(v128.load(from), pattern));
    from += ahead;
    to += step;
    v128.store(to, i8x16.swizzle(v128.load(from), pattern));
    from += ahead;
    to += step;
    if (distance >= 16) {
      if (length > 512 && distance >= length) {
        memory.copy(to, from, end - to);
        return;
      }
      while (to < end && outEnd - to >= 16) {
        v128.store(to, v128.load(from));
        from += 16;
        to += 16;
      }
    } else {
      const next = i8x16.swizzle(v128.load(from), pattern);
      while (to < end && outEnd - to >= 16) {
        v128.store(to, next);
        to += step;
      }
    }
    from = to - distance;
  }
  while (to < end) store<u8>(to++, load<u8>(from++));
}
