/** Stored numbers become values in place; see `sources/cf/decodeValues.ts`. Tiles are filled up to four with NaN. */

/** Some value was infinite and not missing. */
const INFINITE: i32 = 1;
/** Some value became missing. */
const MISSING: i32 = 2;

// @ts-ignore: decorator
@inline function filled<T>(at: usize, count: i32): usize {
  const stop = at + <usize>count * sizeof<T>();
  for (let i = 0; i < ((4 - count) & 3); i++) store<T>(stop + <usize>i * sizeof<T>(), <T>NaN);
  return at + <usize>((count + 3) & ~3) * sizeof<T>();
}

/** Markers (`many` f64 at `markers`) and what is outside [low, high] become NaN; bits say what was met. */
export function decode32(at: usize, count: i32, markers: usize, many: i32, low: f64, high: f64): i32 {
  const stop = filled<f32>(at, count);
  const least = f32x4.splat(<f32>low), most = f32x4.splat(<f32>high);
  const nan = f32x4.splat(NaN), endless = f32x4.splat(Infinity);
  let infinite = i32x4.splat(0), changed = i32x4.splat(0);
  for (; at < stop; at += 16) {
    const x = v128.load(at);
    let kept = v128.and(f32x4.ge(x, least), f32x4.le(x, most));
    for (let m = 0; m < many; m++)
      kept = v128.andnot(kept, f32x4.eq(x, f32x4.splat(<f32>load<f64>(markers + (<usize>m << 3)))));
    changed = v128.or(changed, v128.andnot(f32x4.eq(x, x), kept));
    infinite = v128.or(infinite, v128.and(kept, f32x4.eq(f32x4.abs(x), endless)));
    v128.store(at, v128.bitselect(x, nan, kept));
  }
  return (v128.any_true(infinite) ? INFINITE : 0) | (v128.any_true(changed) ? MISSING : 0);
}

/** The same, and unpacked (stored * scale + offset) and converted (value * multiply / divide + add) where asked. */
export function decode64(
  at: usize,
  count: i32,
  markers: usize,
  many: i32,
  low: f64,
  high: f64,
  packed: i32,
  scale: f64,
  offset: f64,
  converted: i32,
  multiply: f64,
  divide: f64,
  add: f64,
): i32 {
  const stop = filled<f64>(at, count);
  const nan = f64x2.splat(NaN), endless = f64x2.splat(Infinity);
  const least = f64x2.splat(low), most = f64x2.splat(high);
  const scales = f64x2.splat(scale), offsets = f64x2.splat(offset);
  const multiplies = f64x2.splat(multiply), divides = f64x2.splat(divide), adds = f64x2.splat(add);
  let infinite = i64x2.splat(0), changed = i64x2.splat(0);
  for (; at < stop; at += 16) {
    let x = v128.load(at);
    let kept = v128.and(f64x2.ge(x, least), f64x2.le(x, most));
    for (let m = 0; m < many; m++)
      kept = v128.andnot(kept, f64x2.eq(x, v128.load64_splat(markers + (<usize>m << 3))));
    changed = v128.or(changed, v128.andnot(f64x2.eq(x, x), kept));
    infinite = v128.or(infinite, v128.and(kept, f64x2.eq(f64x2.abs(x), endless)));
    if (packed) x = f64x2.add(f64x2.mul(x, scales), offsets);
    if (converted) x = f64x2.add(f64x2.div(f64x2.mul(x, multiplies), divides), adds);
    v128.store(at, v128.bitselect(x, nan, kept));
  }
  return (v128.any_true(infinite) ? INFINITE : 0) | (v128.any_true(changed) ? MISSING : 0);
}
