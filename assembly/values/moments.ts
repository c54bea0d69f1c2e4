/**
 * First and second moments over leaves, as `kernels/scores/momentTotal.ts` and `errorVariance.ts` add them: deviations
 * from the first place of a leaf that is present and finite, in the lanes of leaves.ts, and what they add to the sums about zero
 * without rounding (`kernels/scores/twoProduct.ts`). The same bits as the scalar code, expansions included.
 */
import {
  addExact,
  counted,
  counted32,
  either,
  high,
  joined,
  leaf,
  low,
  padded,
  paddedEither,
  present,
  single,
  SUM,
  SUMS,
  tails,
  takeCount,
} from "./leaves";

/** 2^27 + 1. */
const SPLIT: f64 = 134217729;
/** Where the sums of a leaf begin. */
const WEIGHT: usize = 16;

// @ts-ignore: decorator
@inline function isFinite64(x: f64): bool {
  return abs(x) <= f64.MAX_VALUE;
}

/** Four masks of 32 bits as two of two of 64 bits. */
// @ts-ignore: decorator
@inline function lowMask(m: v128): v128 {
  return v128.shuffle<u32>(m, m, 0, 0, 1, 1);
}
// @ts-ignore: decorator
@inline function highMask(m: v128): v128 {
  return v128.shuffle<u32>(m, m, 2, 2, 3, 3);
}

/** What rounding took from a b. */
// @ts-ignore: decorator
@inline function productLow(a: f64, b: f64, product: f64): f64 {
  const p = SPLIT * a;
  const aHigh = p - (p - a);
  const aLow = a - aHigh;
  const q = SPLIT * b;
  const bHigh = q - (q - b);
  const bLow = b - bHigh;
  const rest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return isFinite64(rest) ? rest : 0;
}

function addProduct(sum: usize, a: f64, b: f64): void {
  const product = a * b;
  if (product == 0) return;
  addExact(sum, product);
  const rest = productLow(a, b, product);
  if (rest != 0) addExact(sum, rest);
}

/** Adds W a b + a v + b u + uv. */
function addSecond(sum: usize, W: f64, a: f64, b: f64, u: f64, v: f64, uv: f64): void {
  const product = W * a;
  addProduct(sum, product, b);
  if (product != 0) addProduct(sum, productLow(W, a, product), b);
  addProduct(sum, a, v);
  addProduct(sum, b, u);
  addExact(sum, uv);
}

// @ts-ignore: decorator
@inline function ofLeaf(k: usize): f64 {
  return load<f64>(leaf + WEIGHT + (k << 3));
}

/** Of one leaf of float32, all columns alike: how many, -; how many, u = x - a, v = y - b, u u, v v, u v. */
function momentLeaf(x: usize, y: usize, length: i32, a: f64, b: f64): void {
  const a2 = f64x2.splat(a), b2 = f64x2.splat(b);
  let n = i32x4.splat(0);
  let u0 = f64x2.splat(0), u1 = u0, v0 = u0, v1 = u0, uu0 = u0, uu1 = u0, vv0 = u0, vv1 = u0, uv0 = u0, uv1 = u0;
  let rest = length & 3;
  let stop = x + (<usize>(length - rest) << 2);
  while (true) {
    for (; x < stop; x += 16, y += 16) {
      const s = v128.load(x), t = v128.load(y);
      const m = v128.and(f32x4.eq(s, s), f32x4.eq(t, t));
      const m0 = lowMask(m), m1 = highMask(m);
      const p0 = v128.and(f64x2.sub(low(s), a2), m0), p1 = v128.and(f64x2.sub(high(s), a2), m1);
      const q0 = v128.and(f64x2.sub(low(t), b2), m0), q1 = v128.and(f64x2.sub(high(t), b2), m1);
      n = i32x4.sub(n, m);
      u0 = f64x2.add(u0, p0);
      u1 = f64x2.add(u1, p1);
      v0 = f64x2.add(v0, q0);
      v1 = f64x2.add(v1, q1);
      uu0 = f64x2.add(uu0, f64x2.mul(p0, p0));
      uu1 = f64x2.add(uu1, f64x2.mul(p1, p1));
      vv0 = f64x2.add(vv0, f64x2.mul(q0, q0));
      vv1 = f64x2.add(vv1, f64x2.mul(q1, q1));
      uv0 = f64x2.add(uv0, f64x2.mul(p0, q0));
      uv1 = f64x2.add(uv1, f64x2.mul(p1, q1));
    }
    if (rest == 0) break;
    x = padded<f32>(x, rest, tails);
    y = padded<f32>(y, rest, tails + 32);
    stop = x + 16;
    rest = 0;
  }
  const count = counted32(n);
  store<f64>(leaf, count);
  store<f64>(leaf, count, 16);
  store<f64>(leaf, joined(u0, u1), 24);
  store<f64>(leaf, joined(v0, v1), 32);
  store<f64>(leaf, joined(uu0, uu1), 40);
  store<f64>(leaf, joined(vv0, vv1), 48);
  store<f64>(leaf, joined(uv0, uv1), 56);
}

/** The same of any width, of x - c and y - c (`c` 0: of x and y), with a weight for each place, 1 for "none". */
function weightedMomentLeaf(
  x: usize,
  y: usize,
  c: usize,
  xw: usize,
  yw: usize,
  cw: usize,
  columns: usize,
  length: i32,
  a: f64,
  b: f64,
): void {
  const a2 = f64x2.splat(a), b2 = f64x2.splat(b);
  let n = i64x2.splat(0);
  let w0 = f64x2.splat(0), w1 = w0, u0 = w0, u1 = w0, v0 = w0, v1 = w0;
  let uu0 = w0, uu1 = w0, vv0 = w0, vv1 = w0, uv0 = w0, uv1 = w0;
  let rest = length & 3;
  let stop = x + <usize>(length - rest) * xw;
  while (true) {
    for (; x < stop; x += 4 * xw, y += 4 * yw, columns += 32) {
      let p0 = either(x, xw), p1 = either(x + 2 * xw, xw);
      let q0 = either(y, yw), q1 = either(y + 2 * yw, yw);
      if (c != 0) {
        const z0 = either(c, cw), z1 = either(c + 2 * cw, cw);
        p0 = f64x2.sub(p0, z0);
        p1 = f64x2.sub(p1, z1);
        q0 = f64x2.sub(q0, z0);
        q1 = f64x2.sub(q1, z1);
        c += 4 * cw;
      }
      p0 = f64x2.sub(p0, a2);
      p1 = f64x2.sub(p1, a2);
      q0 = f64x2.sub(q0, b2);
      q1 = f64x2.sub(q1, b2);
      const m0 = v128.and(present(p0), present(q0)), m1 = v128.and(present(p1), present(q1));
      n = i64x2.sub(n, i64x2.add(m0, m1));
      p0 = v128.and(p0, m0);
      p1 = v128.and(p1, m1);
      q0 = v128.and(q0, m0);
      q1 = v128.and(q1, m1);
      const weight0 = v128.and(v128.load(columns), m0), weight1 = v128.and(v128.load(columns, 16), m1);
      w0 = f64x2.add(w0, weight0);
      w1 = f64x2.add(w1, weight1);
      u0 = f64x2.add(u0, f64x2.mul(weight0, p0));
      u1 = f64x2.add(u1, f64x2.mul(weight1, p1));
      v0 = f64x2.add(v0, f64x2.mul(weight0, q0));
      v1 = f64x2.add(v1, f64x2.mul(weight1, q1));
      uu0 = f64x2.add(uu0, f64x2.mul(weight0, f64x2.mul(p0, p0)));
      uu1 = f64x2.add(uu1, f64x2.mul(weight1, f64x2.mul(p1, p1)));
      vv0 = f64x2.add(vv0, f64x2.mul(weight0, f64x2.mul(q0, q0)));
      vv1 = f64x2.add(vv1, f64x2.mul(weight1, f64x2.mul(q1, q1)));
      uv0 = f64x2.add(uv0, f64x2.mul(weight0, f64x2.mul(p0, q0)));
      uv1 = f64x2.add(uv1, f64x2.mul(weight1, f64x2.mul(p1, q1)));
    }
    if (rest == 0) break;
    x = paddedEither(x, rest, tails, xw);
    y = paddedEither(y, rest, tails + 32, yw);
    if (c != 0) c = paddedEither(c, rest, tails + 64, cw);
    columns = padded<f64>(columns, rest, tails + 96);
    stop = x + 4 * xw;
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, joined(w0, w1), 16);
  store<f64>(leaf, joined(u0, u1), 24);
  store<f64>(leaf, joined(v0, v1), 32);
  store<f64>(leaf, joined(uu0, uu1), 40);
  store<f64>(leaf, joined(vv0, vv1), 48);
  store<f64>(leaf, joined(uv0, uv1), 56);
}

/**
 * Totals of the moments of x - c and y - c where all are present: weight, x, y, x x, y y, x y. `c`: what is usual, or 0;
 * `columns` as in leaves.ts, and 0 only for two float32 without a `c`.
 */
export function moments(
  x: usize,
  y: usize,
  c: usize,
  xw: usize,
  yw: usize,
  cw: usize,
  columns: usize,
  first: u32,
  borders: usize,
  weights: usize,
  count: i32,
  total: usize,
): void {
  for (let i = 0; i < count; i++) {
    const start = load<u32>(borders + (<usize>i << 2));
    const length = <i32>(load<u32>(borders + (<usize>i << 2), 4) - start);
    const at = <usize>(start - first);
    const s = x + at * xw, t = y + at * yw;
    const z = c == 0 ? 0 : c + at * cw;
    let a: f64 = 0, b: f64 = 0;
    for (let k: usize = 0; k < <usize>length; k++) {
      const usual = c == 0 ? 0 : single(z + k * cw, cw);
      const p = single(s + k * xw, xw) - usual, q = single(t + k * yw, yw) - usual;
      if (!isFinite64(p) || !isFinite64(q)) continue;
      a = p;
      b = q;
      break;
    }
    if (columns != 0) weightedMomentLeaf(s, t, z, xw, yw, cw, columns, length, a, b);
    else momentLeaf(s, t, length, a, b);
    if (takeCount(total, 0) == 0) continue;
    const w = load<f64>(weights + (<usize>i << 3));
    const W = w * ofLeaf(0), u = w * ofLeaf(1), v = w * ofLeaf(2);
    const sums = total + SUMS;
    addExact(sums, W);
    addProduct(sums + SUM, W, a);
    addExact(sums + SUM, u);
    addProduct(sums + 2 * SUM, W, b);
    addExact(sums + 2 * SUM, v);
    addSecond(sums + 3 * SUM, W, a, a, u, u, w * ofLeaf(3));
    addSecond(sums + 4 * SUM, W, b, b, v, v, w * ofLeaf(4));
    addSecond(sums + 5 * SUM, W, a, b, u, v, w * ofLeaf(5));
  }
}

/** Of one leaf of float32, all columns alike: how many, -; how many, d = f - o - a, d d. */
function deviationLeaf(f: usize, o: usize, length: i32, a: f64): void {
  const a2 = f64x2.splat(a);
  let n = i32x4.splat(0);
  let d0 = f64x2.splat(0), d1 = d0, s0 = d0, s1 = d0;
  let rest = length & 3;
  let stop = f + (<usize>(length - rest) << 2);
  while (true) {
    for (; f < stop; f += 16, o += 16) {
      const x = v128.load(f), y = v128.load(o), d = f32x4.sub(x, y), m = f32x4.eq(d, d);
      const x0 = v128.and(f64x2.sub(f64x2.sub(low(x), low(y)), a2), lowMask(m));
      const x1 = v128.and(f64x2.sub(f64x2.sub(high(x), high(y)), a2), highMask(m));
      n = i32x4.sub(n, m);
      d0 = f64x2.add(d0, x0);
      d1 = f64x2.add(d1, x1);
      s0 = f64x2.add(s0, f64x2.mul(x0, x0));
      s1 = f64x2.add(s1, f64x2.mul(x1, x1));
    }
    if (rest == 0) break;
    f = padded<f32>(f, rest, tails);
    o = padded<f32>(o, rest, tails + 32);
    stop = f + 16;
    rest = 0;
  }
  const count = counted32(n);
  store<f64>(leaf, count);
  store<f64>(leaf, count, 16);
  store<f64>(leaf, joined(d0, d1), 24);
  store<f64>(leaf, joined(s0, s1), 32);
}

/** The same of any width with a weight for each place, 1 for "none". */
function weightedDeviationLeaf(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  columns: usize,
  length: i32,
  a: f64,
): void {
  const a2 = f64x2.splat(a);
  let n = i64x2.splat(0);
  let w0 = f64x2.splat(0), w1 = w0, d0 = w0, d1 = w0, s0 = w0, s1 = w0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * fw;
  while (true) {
    for (; f < stop; f += 4 * fw, o += 4 * ow, columns += 32) {
      let x0 = f64x2.sub(f64x2.sub(either(f, fw), either(o, ow)), a2);
      let x1 = f64x2.sub(f64x2.sub(either(f + 2 * fw, fw), either(o + 2 * ow, ow)), a2);
      const m0 = present(x0), m1 = present(x1);
      const c0 = v128.and(v128.load(columns), m0), c1 = v128.and(v128.load(columns, 16), m1);
      x0 = v128.and(x0, m0);
      x1 = v128.and(x1, m1);
      n = i64x2.sub(n, i64x2.add(m0, m1));
      w0 = f64x2.add(w0, c0);
      w1 = f64x2.add(w1, c1);
      d0 = f64x2.add(d0, f64x2.mul(c0, x0));
      d1 = f64x2.add(d1, f64x2.mul(c1, x1));
      s0 = f64x2.add(s0, f64x2.mul(c0, f64x2.mul(x0, x0)));
      s1 = f64x2.add(s1, f64x2.mul(c1, f64x2.mul(x1, x1)));
    }
    if (rest == 0) break;
    f = paddedEither(f, rest, tails, fw);
    o = paddedEither(o, rest, tails + 32, ow);
    columns = padded<f64>(columns, rest, tails + 96);
    stop = f + 4 * fw;
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, joined(w0, w1), 16);
  store<f64>(leaf, joined(d0, d1), 24);
  store<f64>(leaf, joined(s0, s1), 32);
}

/** Totals of e = f - o where both are present: weight, e, e e; `columns` 0 only for two float32. */
export function variance(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  columns: usize,
  first: u32,
  borders: usize,
  weights: usize,
  count: i32,
  total: usize,
): void {
  for (let i = 0; i < count; i++) {
    const start = load<u32>(borders + (<usize>i << 2));
    const length = <i32>(load<u32>(borders + (<usize>i << 2), 4) - start);
    const at = <usize>(start - first);
    const x = f + at * fw, y = o + at * ow;
    let a: f64 = 0;
    for (let k: usize = 0; k < <usize>length; k++) {
      const p = single(x + k * fw, fw), q = single(y + k * ow, ow);
      if (!isFinite64(p) || !isFinite64(q)) continue;
      a = p - q;
      break;
    }
    if (columns != 0) weightedDeviationLeaf(x, y, fw, ow, columns, length, a);
    else deviationLeaf(x, y, length, a);
    if (takeCount(total, 0) == 0) continue;
    const w = load<f64>(weights + (<usize>i << 3));
    const W = w * ofLeaf(0), e = w * ofLeaf(1);
    const sums = total + SUMS;
    addExact(sums, W);
    addProduct(sums + SUM, W, a);
    addExact(sums + SUM, e);
    addSecond(sums + 2 * SUM, W, a, a, e, e, w * ofLeaf(2));
  }
}
