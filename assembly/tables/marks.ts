/**
 * Marks where values are at or above an edge (`below`: where they are not), a byte a place: `bit` is added where the
 * event is, `missing` where the value is NaN. `width` is bytes a value; `codes` has room for 16 bytes more than places.
 */
export function mark(
  values: usize,
  width: i32,
  edge: f64,
  below: i32,
  bit: i32,
  missing: i32,
  count: i32,
  codes: usize,
): void {
  const flip = i32x4.splat(-below);
  const bits = i8x16.splat(<i8>bit);
  const gaps = i8x16.splat(<i8>missing);
  for (let i = 0; i < count; i += 16) {
    const at = values + <usize>i * <usize>width;
    let events: v128, there: v128;
    if (width == 4) {
      const edges = f32x4.splat(<f32>edge);
      const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
      events = narrow(f32x4.ge(a, edges), f32x4.ge(b, edges), f32x4.ge(c, edges), f32x4.ge(d, edges));
      there = narrow(f32x4.eq(a, a), f32x4.eq(b, b), f32x4.eq(c, c), f32x4.eq(d, d));
    } else {
      const edges = f64x2.splat(edge);
      const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
      const e = v128.load(at, 64), f = v128.load(at, 80), g = v128.load(at, 96), h = v128.load(at, 112);
      events = narrow(
        halves(f64x2.ge(a, edges), f64x2.ge(b, edges)),
        halves(f64x2.ge(c, edges), f64x2.ge(d, edges)),
        halves(f64x2.ge(e, edges), f64x2.ge(f, edges)),
        halves(f64x2.ge(g, edges), f64x2.ge(h, edges)),
      );
      there = narrow(
        halves(f64x2.eq(a, a), f64x2.eq(b, b)),
        halves(f64x2.eq(c, c), f64x2.eq(d, d)),
        halves(f64x2.eq(e, e), f64x2.eq(f, f)),
        halves(f64x2.eq(g, g), f64x2.eq(h, h)),
      );
    }
    const found = v128.and(v128.xor(events, flip), there);
    const code = v128.or(v128.and(found, bits), v128.andnot(gaps, there));
    v128.store(codes + <usize>i, v128.or(v128.load(codes + <usize>i), code));
  }
}

/** Four masks of four as one of sixteen bytes. */
@inline
function narrow(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** Two masks of two as one of four. */
@inline
function halves(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** The same against a limit a place, of `limitWidth` bytes, which is `strictly` to be passed; missing where that is NaN. */
export function markBeyond(
  values: usize,
  width: i32,
  limits: usize,
  limitWidth: i32,
  strictly: i32,
  below: i32,
  bit: i32,
  missing: i32,
  count: i32,
  codes: usize,
): void {
  const flip = i32x4.splat(-below);
  const bits = i32x4.splat(bit);
  const gaps = i32x4.splat(missing);
  for (let i = 0; i < count; i += 4) {
    const at = values + <usize>i * <usize>width, limit = limits + <usize>i * <usize>limitWidth;
    let events: v128, there: v128;
    if (width == 4 && limitWidth == 4) {
      const a = v128.load(at), b = v128.load(limit);
      events = strictly ? f32x4.gt(a, b) : f32x4.ge(a, b);
      there = v128.and(f32x4.eq(a, a), f32x4.eq(b, b));
    } else {
      const a = two(at, width), b = two(limit, limitWidth);
      const c = two(at + <usize>(2 * width), width), d = two(limit + <usize>(2 * limitWidth), limitWidth);
      events = halves(
        strictly ? f64x2.gt(a, b) : f64x2.ge(a, b),
        strictly ? f64x2.gt(c, d) : f64x2.ge(c, d),
      );
      there = halves(
        v128.and(f64x2.eq(a, a), f64x2.eq(b, b)),
        v128.and(f64x2.eq(c, c), f64x2.eq(d, d)),
      );
    }
    const found = v128.and(v128.xor(events, flip), there);
    const code = v128.or(v128.and(found, bits), v128.andnot(gaps, there));
    const bytes = v128.shuffle<i8>(code, code, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    store<i32>(codes + <usize>i, load<i32>(codes + <usize>i) | i32x4.extract_lane(bytes, 0));
  }
}

/** Two values as float64. */
@inline
function two(at: usize, width: i32): v128 {
  return width == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}
