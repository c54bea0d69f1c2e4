/**
 * One plane of the bit shuffle: eight rows of `row` bytes from `bits` on, a bit an element, become one byte an element.
 * `count` elements from the element `from` on go to `out`; `from` is a multiple of 128, `count` of 8. The bits of eight
 * rows are swapped in three rounds (Warren, Hacker's Delight, 7-3), across registers, 128 elements at once.
 */
export function bytePlane(bits: usize, row: usize, from: usize, count: usize, out: usize): void {
  let at = bits + (from >> 3);
  const end = at + (count >> 3);
  for (; end - at >= 16; at += 16, out += 128) {
    let p = at;
    let r0 = v128.load(p);
    let r1 = v128.load((p += row));
    let r2 = v128.load((p += row));
    let r3 = v128.load((p += row));
    let r4 = v128.load((p += row));
    let r5 = v128.load((p += row));
    let r6 = v128.load((p += row));
    let r7 = v128.load(p + row);
    let t: v128;
    const m4 = i8x16.splat(0x0f);
    t = swap(r0, r4, 4, m4); r4 = v128.xor(r4, t); r0 = back(r0, t, 4);
    t = swap(r1, r5, 4, m4); r5 = v128.xor(r5, t); r1 = back(r1, t, 4);
    t = swap(r2, r6, 4, m4); r6 = v128.xor(r6, t); r2 = back(r2, t, 4);
    t = swap(r3, r7, 4, m4); r7 = v128.xor(r7, t); r3 = back(r3, t, 4);
    const m2 = i8x16.splat(0x33);
    t = swap(r0, r2, 2, m2); r2 = v128.xor(r2, t); r0 = back(r0, t, 2);
    t = swap(r1, r3, 2, m2); r3 = v128.xor(r3, t); r1 = back(r1, t, 2);
    t = swap(r4, r6, 2, m2); r6 = v128.xor(r6, t); r4 = back(r4, t, 2);
    t = swap(r5, r7, 2, m2); r7 = v128.xor(r7, t); r5 = back(r5, t, 2);
    const m1 = i8x16.splat(0x55);
    t = swap(r0, r1, 1, m1); r1 = v128.xor(r1, t); r0 = back(r0, t, 1);
    t = swap(r2, r3, 1, m1); r3 = v128.xor(r3, t); r2 = back(r2, t, 1);
    t = swap(r4, r5, 1, m1); r5 = v128.xor(r5, t); r4 = back(r4, t, 1);
    t = swap(r6, r7, 1, m1); r7 = v128.xor(r7, t); r6 = back(r6, t, 1);
    // Now byte g of r_i is element 8 g + i.
    elements(low8(r0, r1), low8(r2, r3), low8(r4, r5), low8(r6, r7), out);
    elements(high8(r0, r1), high8(r2, r3), high8(r4, r5), high8(r6, r7), out + 64);
  }
  for (; at < end; at++, out += 8) {
    let bytes: u64 = 0;
    for (let bit: usize = 0, p = at; bit < 8; bit++, p += row) bytes |= <u64>load<u8>(p) << (bit << 3);
    let t = (bytes ^ (bytes >> 7)) & 0x00aa00aa00aa00aa;
    bytes ^= t ^ (t << 7);
    t = (bytes ^ (bytes >> 14)) & 0x0000cccc0000cccc;
    bytes ^= t ^ (t << 14);
    t = (bytes ^ (bytes >> 28)) & 0x00000000f0f0f0f0;
    bytes ^= t ^ (t << 28);
    store<u64>(out, bytes);
  }
}

// @ts-ignore: decorator
@inline
function swap(a: v128, b: v128, by: i32, mask: v128): v128 {
  return v128.and(v128.xor(i16x8.shr_u(a, by), b), mask);
}
// @ts-ignore: decorator
@inline
function back(a: v128, t: v128, by: i32): v128 {
  return v128.xor(a, i16x8.shl(t, by));
}
// @ts-ignore: decorator
@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** 64 elements, of pairs of them. */
// @ts-ignore: decorator
@inline
function elements(p01: v128, p23: v128, p45: v128, p67: v128, out: usize): void {
  const a = v128.shuffle<u16>(p01, p23, 0, 8, 1, 9, 2, 10, 3, 11);
  const b = v128.shuffle<u16>(p01, p23, 4, 12, 5, 13, 6, 14, 7, 15);
  const c = v128.shuffle<u16>(p45, p67, 0, 8, 1, 9, 2, 10, 3, 11);
  const d = v128.shuffle<u16>(p45, p67, 4, 12, 5, 13, 6, 14, 7, 15);
  v128.store(out, v128.shuffle<u32>(a, c, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<u32>(a, c, 2, 6, 3, 7), 16);
  v128.store(out, v128.shuffle<u32>(b, d, 0, 4, 1, 5), 32);
  v128.store(out, v128.shuffle<u32>(b, d, 2, 6, 3, 7), 48);
}
