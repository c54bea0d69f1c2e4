import { endless32 } from "../values/endless";

/**
 * Undoes the byte shuffle. The bytes of the elements stand in planes: `planes` holds the address of each. `count`
 * elements from the element `from` on go to `out`, which has room for them. Widths that are no power of two are put
 * together of eights, fours, twos and ones, written at a stride. 1: the elements have four bytes, and none of them is an
 * infinite float32.
 */
export function unshuffle(planes: usize, width: usize, from: usize, count: usize, out: usize): i32 {
  if (width == 4) return i32(four(planes, from, count, out, 4) == 0 || endless32(out, <i32>count) == 0);
  let byte: usize = 0;
  for (; width - byte >= 8; byte += 8) eight(planes + (byte << 2), from, count, out + byte, width);
  if (width - byte >= 4) {
    four(planes + (byte << 2), from, count, out + byte, width);
    byte += 4;
  }
  if (width - byte >= 2) {
    two(planes + (byte << 2), from, count, out + byte, width);
    byte += 2;
  }
  if (byte < width) one(planes + (byte << 2), from, count, out + byte, width);
  return 0;
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
// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
// @ts-ignore: decorator
@inline
function low32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}
// @ts-ignore: decorator
@inline
function high32(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}

// @ts-ignore: decorator
@inline
function plane(planes: usize, byte: usize, from: usize): usize {
  return <usize>load<u32>(planes + (byte << 2)) + from;
}

function one(planes: usize, from: usize, count: usize, out: usize, width: usize): void {
  const a = plane(planes, 0, from);
  if (width == 1) {
    memory.copy(out, a, count);
    return;
  }
  for (let i: usize = 0; i < count; i++, out += width) store<u8>(out, load<u8>(a + i));
}

function two(planes: usize, from: usize, count: usize, out: usize, width: usize): void {
  const a = plane(planes, 0, from);
  const b = plane(planes, 1, from);
  let i: usize = 0;
  for (; count - i >= 16; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    const low = low8(x, y);
    const high = high8(x, y);
    if (width == 2) {
      v128.store(out, low);
      v128.store(out, high, 16);
      out += 32;
    } else {
      out = lanes16(low, out, width);
      out = lanes16(high, out, width);
    }
  }
  for (; i < count; i++, out += width) {
    store<u8>(out, load<u8>(a + i));
    store<u8>(out, load<u8>(b + i), 1);
  }
}

function lanes16(v: v128, out: usize, width: usize): usize {
  v128.store_lane<u16>(out, v, 0);
  v128.store_lane<u16>((out += width), v, 1);
  v128.store_lane<u16>((out += width), v, 2);
  v128.store_lane<u16>((out += width), v, 3);
  v128.store_lane<u16>((out += width), v, 4);
  v128.store_lane<u16>((out += width), v, 5);
  v128.store_lane<u16>((out += width), v, 6);
  v128.store_lane<u16>((out += width), v, 7);
  return out + width;
}

/**
 * Whether any may be an infinite float32, 0x7f800000 or 0xff800000. Of its upper bytes, c and d, the mean of |c| (0x80 at
 * most) and of d without the sign, shifted (0xfe at most), is then 0xbf, the largest there is. Hardly anything else has that,
 * missing values do not, and whoever is told looks again.
 */
function four(planes: usize, from: usize, count: usize, out: usize, width: usize): i32 {
  const a = plane(planes, 0, from);
  const b = plane(planes, 1, from);
  const c = plane(planes, 2, from);
  const d = plane(planes, 3, from);
  let most = i8x16.splat(0);
  let i: usize = 0;
  for (; count - i >= 16; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const vc = v128.load(c + i);
    const vd = v128.load(d + i);
    most = i8x16.max_u(most, i8x16.avgr_u(i8x16.add(vd, vd), i8x16.abs(vc)));
    const abl = low8(va, vb);
    const abh = high8(va, vb);
    const cdl = low8(vc, vd);
    const cdh = high8(vc, vd);
    if (width == 4) {
      v128.store(out, low16(abl, cdl));
      v128.store(out, high16(abl, cdl), 16);
      v128.store(out, low16(abh, cdh), 32);
      v128.store(out, high16(abh, cdh), 48);
      out += 64;
    } else {
      out = lanes32(low16(abl, cdl), out, width);
      out = lanes32(high16(abl, cdl), out, width);
      out = lanes32(low16(abh, cdh), out, width);
      out = lanes32(high16(abh, cdh), out, width);
    }
  }
  for (; i < count; i++, out += width) {
    store<u8>(out, load<u8>(a + i));
    store<u8>(out, load<u8>(b + i), 1);
    store<u8>(out, load<u8>(c + i), 2);
    store<u8>(out, load<u8>(d + i), 3);
    if ((load<u32>(out) & 0x7fffffff) == 0x7f800000) most = i8x16.splat(-65);
  }
  return i32(v128.any_true(i8x16.eq(most, i8x16.splat(-65))));
}

function lanes32(v: v128, out: usize, width: usize): usize {
  v128.store_lane<u32>(out, v, 0);
  v128.store_lane<u32>((out += width), v, 1);
  v128.store_lane<u32>((out += width), v, 2);
  v128.store_lane<u32>((out += width), v, 3);
  return out + width;
}

function eight(planes: usize, from: usize, count: usize, out: usize, width: usize): void {
  const a = plane(planes, 0, from);
  const b = plane(planes, 1, from);
  const c = plane(planes, 2, from);
  const d = plane(planes, 3, from);
  const e = plane(planes, 4, from);
  const f = plane(planes, 5, from);
  const g = plane(planes, 6, from);
  const h = plane(planes, 7, from);
  let i: usize = 0;
  for (; count - i >= 16; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const vc = v128.load(c + i);
    const vd = v128.load(d + i);
    const ve = v128.load(e + i);
    const vf = v128.load(f + i);
    const vg = v128.load(g + i);
    const vh = v128.load(h + i);
    out = halves(low8(va, vb), low8(vc, vd), low8(ve, vf), low8(vg, vh), out, width);
    out = halves(high8(va, vb), high8(vc, vd), high8(ve, vf), high8(vg, vh), out, width);
  }
  for (; i < count; i++, out += width) {
    store<u8>(out, load<u8>(a + i));
    store<u8>(out, load<u8>(b + i), 1);
    store<u8>(out, load<u8>(c + i), 2);
    store<u8>(out, load<u8>(d + i), 3);
    store<u8>(out, load<u8>(e + i), 4);
    store<u8>(out, load<u8>(f + i), 5);
    store<u8>(out, load<u8>(g + i), 6);
    store<u8>(out, load<u8>(h + i), 7);
  }
}

/** Eight elements of eight bytes, of their pairs of bytes. */
// @ts-ignore: decorator
@inline
function halves(ab: v128, cd: v128, ef: v128, gh: v128, out: usize, width: usize): usize {
  const al = low16(ab, cd);
  const ah = high16(ab, cd);
  const el = low16(ef, gh);
  const eh = high16(ef, gh);
  if (width == 8) {
    v128.store(out, low32(al, el));
    v128.store(out, high32(al, el), 16);
    v128.store(out, low32(ah, eh), 32);
    v128.store(out, high32(ah, eh), 48);
    return out + 64;
  }
  out = lanes64(low32(al, el), out, width);
  out = lanes64(high32(al, el), out, width);
  out = lanes64(low32(ah, eh), out, width);
  return lanes64(high32(ah, eh), out, width);
}

// @ts-ignore: decorator
@inline
function lanes64(v: v128, out: usize, width: usize): usize {
  v128.store_lane<u64>(out, v, 0);
  v128.store_lane<u64>(out + width, v, 1);
  return out + 2 * width;
}
