/**
 * Streams of bits are read backwards: a position is the number of the bit above the next one, counted from byte 0 of the
 * memory. The input stands low enough for that to fit 32 bits, and 64 bytes before it may be read.
 */
// @ts-ignore: decorator
@inline
export function highBit(value: u32): u32 {
  return 31 - clz<u32>(value);
}

/** The bit above the first of a backward stream; 0 where its mark is missing. */
export function markAt(at: usize, end: usize): u32 {
  const last: u32 = end > at ? load<u8>(end - 1) : 0;
  return last == 0 ? 0 : <u32>(end - 1) * 8 + highBit(last);
}

/** The `width` (0 to 56) bits below `position`. */
// @ts-ignore: decorator
@inline
export function bitsBelow(position: u32, width: u32): u64 {
  return ((load<u64>((position >> 3) - 7) << <u64>(8 - (position & 7))) >> 1) >> <u64>(63 - width);
}
