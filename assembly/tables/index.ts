/**
 * Two-by-two tables of values against thresholds, a piece of at most a few ten thousand places after another. An event
 * is a value at or above its threshold; a place counts where neither side is NaN. `fw` and `ow` are bytes a value.
 */

/** First byte that is free. */
export function base(): usize {
  return __heap_base;
}

/** Writes four int32 to `out`: places present, hits, forecast events, target events. */
export function table(
  f: usize,
  o: usize,
  fw: i32,
  ow: i32,
  ft: f64,
  ot: f64,
  count: i32,
  out: usize,
): void {
  if (fw == 4 && ow == 4) table32(f, o, <f32>ft, <f32>ot, count, out);
  else table64(f, o, fw, ow, ft, ot, count, out);
}

function table32(f: usize, o: usize, ft: f32, ot: f32, count: i32, out: usize): void {
  const fts = f32x4.splat(ft);
  const ots = f32x4.splat(ot);
  let n = i32x4.splat(0);
  let hits = i32x4.splat(0);
  let forecasts = i32x4.splat(0);
  let targets = i32x4.splat(0);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(f + ((<usize>i) << 2));
    const y = v128.load(o + ((<usize>i) << 2));
    const xThere = f32x4.eq(x, x);
    const yThere = f32x4.eq(y, y);
    const xMeets = f32x4.ge(x, fts);
    const yMeets = f32x4.ge(y, ots);
    n = i32x4.sub(n, v128.and(xThere, yThere));
    hits = i32x4.sub(hits, v128.and(xMeets, yMeets));
    forecasts = i32x4.sub(forecasts, v128.and(xMeets, yThere));
    targets = i32x4.sub(targets, v128.and(yMeets, xThere));
  }
  store<i32>(out, sum4(n));
  store<i32>(out + 4, sum4(hits));
  store<i32>(out + 8, sum4(forecasts));
  store<i32>(out + 12, sum4(targets));
  for (let i = whole; i < count; i++) {
    const x = <f64>load<f32>(f + ((<usize>i) << 2));
    const y = <f64>load<f32>(o + ((<usize>i) << 2));
    one(x, y, <f64>ft, <f64>ot, out);
  }
}

function table64(f: usize, o: usize, fw: i32, ow: i32, ft: f64, ot: f64, count: i32, out: usize): void {
  const fts = f64x2.splat(ft);
  const ots = f64x2.splat(ot);
  let n = i64x2.splat(0);
  let hits = i64x2.splat(0);
  let forecasts = i64x2.splat(0);
  let targets = i64x2.splat(0);
  const whole = count & ~1;
  for (let i = 0; i < whole; i += 2) {
    const x = two(f, fw, i);
    const y = two(o, ow, i);
    const xThere = f64x2.eq(x, x);
    const yThere = f64x2.eq(y, y);
    const xMeets = f64x2.ge(x, fts);
    const yMeets = f64x2.ge(y, ots);
    n = i64x2.sub(n, v128.and(xThere, yThere));
    hits = i64x2.sub(hits, v128.and(xMeets, yMeets));
    forecasts = i64x2.sub(forecasts, v128.and(xMeets, yThere));
    targets = i64x2.sub(targets, v128.and(yMeets, xThere));
  }
  store<i32>(out, sum2(n));
  store<i32>(out + 4, sum2(hits));
  store<i32>(out + 8, sum2(forecasts));
  store<i32>(out + 12, sum2(targets));
  if (whole < count) one(single(f, fw, whole), single(o, ow, whole), ft, ot, out);
}

@inline
function one(x: f64, y: f64, ft: f64, ot: f64, out: usize): void {
  if (x != x || y != y) return;
  const xMeets = <i32>(x >= ft);
  const yMeets = <i32>(y >= ot);
  store<i32>(out, load<i32>(out) + 1);
  store<i32>(out + 4, load<i32>(out + 4) + (xMeets & yMeets));
  store<i32>(out + 8, load<i32>(out + 8) + xMeets);
  store<i32>(out + 12, load<i32>(out + 12) + yMeets);
}

@inline
function two(at: usize, width: i32, i: i32): v128 {
  return width == 4
    ? f64x2.promote_low_f32x4(v128.load64_zero(at + ((<usize>i) << 2)))
    : v128.load(at + ((<usize>i) << 3));
}

@inline
function single(at: usize, width: i32, i: i32): f64 {
  return width == 4 ? <f64>load<f32>(at + ((<usize>i) << 2)) : load<f64>(at + ((<usize>i) << 3));
}

@inline
function sum4(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) +
    i32x4.extract_lane(v, 1) +
    i32x4.extract_lane(v, 2) +
    i32x4.extract_lane(v, 3)
  );
}

@inline
function sum2(v: v128): i32 {
  return <i32>(i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1));
}
