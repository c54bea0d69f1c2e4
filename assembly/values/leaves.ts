/**
 * Sums over leaves (rows of a grid, blocks of points) in the fixed lane order of `kernels/leafSums.ts`, weighted and
 * added up exactly as `kernels/exactSum.ts` does: the same bits as the scalar code, expansions included.
 *
 * Place i of a leaf is lane i mod 4: lanes 0 and 1 are one f64x2, lanes 2 and 3 another. A missing place is masked to
 * 0 and not counted. The last 1 to 3 places of a leaf are put before NaN and go through the same loop.
 *
 * The arguments all functions have: `first`, the place at which the tile begins; `borders`, where the leaves begin and
 * end (u32); `weights`, one a leaf (f64); `count`, how many leaves; `total`, to which they are added: two counts (f64),
 * then exact sums, each a length (i32, in 8 bytes) and room for 64 numbers.
 */

/** Bytes of an exact sum: numbers that do not overlap are at most 40. */
export const SUM: usize = 8 + 64 * 8;
/** Where the exact sums of a total begin. */
export const SUMS: usize = 16;
/** Numbers of 2^970 and more count as infinite. */
const TOO_LARGE: f64 = 9.979201547673599e291;

/** Room for the last places of a leaf, 32 bytes an array. */
export const tails: usize = memory.data(128, 16);
/** The sums of one leaf. */
export const leaf: usize = memory.data(64, 16);
/** All bits but the sign. In memory: engines make constants anew in every turn of a loop. */
const MAGNITUDE: usize = memory.data<u64>([0x7fffffffffffffff], 16);

// @ts-ignore: decorator
@inline export function two<T>(at: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(at));
  return v128.load(at);
}

/** The lower and the upper half of four float32 as float64. */
// @ts-ignore: decorator
@inline export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}
// @ts-ignore: decorator
@inline export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u32>(x, x, 2, 3, 2, 3));
}

/** Two places of an array whose width in bytes is known only now. */
// @ts-ignore: decorator
@inline export function either(at: usize, width: usize): v128 {
  return width == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

/** One place of such an array. */
// @ts-ignore: decorator
@inline export function single(at: usize, width: usize): f64 {
  return width == 4 ? <f64>load<f32>(at) : load<f64>(at);
}

/** The last `rest` places of a leaf and NaN up to four. */
export function padded<T>(at: usize, rest: i32, tail: usize): usize {
  store<T>(tail, load<T>(at));
  store<T>(tail + sizeof<T>(), rest > 1 ? load<T>(at + sizeof<T>()) : <T>NaN);
  store<T>(tail + 2 * sizeof<T>(), rest > 2 ? load<T>(at + 2 * sizeof<T>()) : <T>NaN);
  store<T>(tail + 3 * sizeof<T>(), <T>NaN);
  return tail;
}

// @ts-ignore: decorator
@inline export function paddedEither(at: usize, rest: i32, tail: usize, width: usize): usize {
  return width == 4 ? padded<f32>(at, rest, tail) : padded<f64>(at, rest, tail);
}

/** (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline export function joined(lanes01: v128, lanes23: v128): f64 {
  const both = f64x2.add(lanes01, lanes23);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** How many masks of 64 bits were taken from `lanes`. */
// @ts-ignore: decorator
@inline export function counted(lanes: v128): f64 {
  return <f64>(i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1));
}

/** The same of 32 bits. */
// @ts-ignore: decorator
@inline export function counted32(lanes: v128): f64 {
  return <f64>(
    (i32x4.extract_lane(lanes, 0) +
      i32x4.extract_lane(lanes, 1) +
      i32x4.extract_lane(lanes, 2) +
      i32x4.extract_lane(lanes, 3))
  );
}

// @ts-ignore: decorator
@inline export function present(x: v128): v128 {
  return f64x2.eq(x, x);
}

/** `addExact`, without branches that cannot be foretold. */
export function addExact(sum: usize, value: f64): void {
  const length = load<i32>(sum);
  const first = sum + 8;
  const plain = abs(value) < TOO_LARGE;
  const head = load<f64>(first);
  const special = length == 1 && !(abs(head) <= f64.MAX_VALUE);
  if (special || !plain) {
    const met = plain ? value : value > 0 ? Infinity : value < 0 ? -Infinity : NaN;
    store<f64>(first, special ? head + met : met);
    store<i32>(sum, 1);
    return;
  }
  let x = value;
  let kept = first;
  const stop = first + (<usize>length << 3);
  for (let at = first; at < stop; at += 8) {
    const y = load<f64>(at);
    const sumOfBoth = x + y;
    const part = sumOfBoth - x;
    const rest = x - (sumOfBoth - part) + (y - part);
    store<f64>(kept, rest);
    kept += <usize>i32(rest != 0) << 3;
    x = sumOfBoth;
  }
  store<f64>(kept, x);
  kept += <usize>i32(x != 0) << 3;
  store<i32>(sum, <i32>((kept - first) >> 3));
}

/** Adds the k-th sum of the leaf to the k-th of the total, weighted. */
// @ts-ignore: decorator
@inline function take(total: usize, k: usize, weight: f64): void {
  addExact(total + SUMS + k * SUM, weight * load<f64>(leaf + 16 + (k << 3)));
}

/** Adds the `own`-th count of the leaf to that of the total; how many they were. */
// @ts-ignore: decorator
@inline export function takeCount(total: usize, own: usize): f64 {
  const at = total + (own << 3);
  const count = load<f64>(leaf + (own << 3));
  store<f64>(at, load<f64>(at) + count);
  return count;
}

/** Of one leaf: how many, -; how many, error, |error|, error^2. */
// @ts-ignore: decorator
@inline function errorLeaf<F, O>(f: usize, o: usize, length: i32): void {
  const magnitude = v128.load64_splat(MAGNITUDE);
  let n = i64x2.splat(0);
  let e0 = f64x2.splat(0), e1 = e0, a0 = e0, a1 = e0, s0 = e0, s1 = e0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * sizeof<F>();
  while (true) {
    for (; f < stop; f += 4 * sizeof<F>(), o += 4 * sizeof<O>()) {
      let x0: v128, x1: v128;
      if (sizeof<F>() == 4 && sizeof<O>() == 4) {
        // A float32 difference is NaN where the float64 one is, and says so of four places at once.
        const x = v128.load(f), y = v128.load(o);
        const d = f32x4.sub(x, y);
        const m = f32x4.eq(d, d);
        const p = v128.and(x, m), q = v128.and(y, m);
        n = i32x4.sub(n, m);
        x0 = f64x2.sub(low(p), low(q));
        x1 = f64x2.sub(high(p), high(q));
      } else {
        const d0 = f64x2.sub(two<F>(f), two<O>(o));
        const d1 = f64x2.sub(two<F>(f + 2 * sizeof<F>()), two<O>(o + 2 * sizeof<O>()));
        const m0 = present(d0), m1 = present(d1);
        n = i64x2.sub(n, i64x2.add(m0, m1));
        x0 = v128.and(d0, m0);
        x1 = v128.and(d1, m1);
      }
      e0 = f64x2.add(e0, x0);
      e1 = f64x2.add(e1, x1);
      a0 = f64x2.add(a0, v128.and(x0, magnitude));
      a1 = f64x2.add(a1, v128.and(x1, magnitude));
      s0 = f64x2.add(s0, f64x2.mul(x0, x0));
      s1 = f64x2.add(s1, f64x2.mul(x1, x1));
    }
    if (rest == 0) break;
    f = padded<F>(f, rest, tails);
    o = padded<O>(o, rest, tails + 32);
    stop = f + 4 * sizeof<F>();
    rest = 0;
  }
  const count = sizeof<F>() == 4 && sizeof<O>() == 4 ? counted32(n) : counted(n);
  store<f64>(leaf, count);
  store<f64>(leaf, count, 16);
  store<f64>(leaf, joined(e0, e1), 24);
  store<f64>(leaf, joined(a0, a1), 32);
  store<f64>(leaf, joined(s0, s1), 40);
}

/** The same with a weight for each column; `fw` and `ow` are bytes a value. */
function weightedErrorLeaf(f: usize, o: usize, fw: usize, ow: usize, columns: usize, length: i32): void {
  const magnitude = v128.load64_splat(MAGNITUDE);
  let n = i64x2.splat(0);
  let w0 = f64x2.splat(0), w1 = w0, e0 = w0, e1 = w0, a0 = w0, a1 = w0, s0 = w0, s1 = w0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * fw;
  while (true) {
    for (; f < stop; f += 4 * fw, o += 4 * ow, columns += 32) {
      const d0 = f64x2.sub(either(f, fw), either(o, ow));
      const d1 = f64x2.sub(either(f + 2 * fw, fw), either(o + 2 * ow, ow));
      const m0 = present(d0), m1 = present(d1);
      const x0 = v128.and(d0, m0), x1 = v128.and(d1, m1);
      const c0 = v128.and(v128.load(columns), m0), c1 = v128.and(v128.load(columns, 16), m1);
      n = i64x2.sub(n, i64x2.add(m0, m1));
      w0 = f64x2.add(w0, c0);
      w1 = f64x2.add(w1, c1);
      e0 = f64x2.add(e0, f64x2.mul(c0, x0));
      e1 = f64x2.add(e1, f64x2.mul(c1, x1));
      a0 = f64x2.add(a0, f64x2.mul(c0, v128.and(x0, magnitude)));
      a1 = f64x2.add(a1, f64x2.mul(c1, v128.and(x1, magnitude)));
      s0 = f64x2.add(s0, f64x2.mul(c0, f64x2.mul(x0, x0)));
      s1 = f64x2.add(s1, f64x2.mul(c1, f64x2.mul(x1, x1)));
    }
    if (rest == 0) break;
    f = paddedEither(f, rest, tails, fw);
    o = paddedEither(o, rest, tails + 32, ow);
    columns = padded<f64>(columns, rest, tails + 64);
    stop = f + 4 * fw;
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, joined(w0, w1), 16);
  store<f64>(leaf, joined(e0, e1), 24);
  store<f64>(leaf, joined(a0, a1), 32);
  store<f64>(leaf, joined(s0, s1), 40);
}

/**
 * Totals of errors e = f - o where both are present: weight, e, |e|, e^2. `fw` and `ow`: bytes a value, 4 or 8;
 * `columns`: a weight for each place of a leaf (f64), or 0.
 */
export function errors(
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
    const x = f + at * fw;
    const y = o + at * ow;
    if (columns != 0) weightedErrorLeaf(x, y, fw, ow, columns, length);
    else if (fw == 4 && ow == 4) errorLeaf<f32, f32>(x, y, length);
    else if (fw == 4) errorLeaf<f32, f64>(x, y, length);
    else if (ow == 4) errorLeaf<f64, f32>(x, y, length);
    else errorLeaf<f64, f64>(x, y, length);
    if (takeCount(total, 0) == 0) continue;
    const w = load<f64>(weights + (<usize>i << 3));
    take(total, 0, w);
    take(total, 1, w);
    take(total, 2, w);
    take(total, 3, w);
  }
}

/** Of one leaf: how many, -; how many, error^2. Two turns of the loop at once: so little work pays for no loop. */
// @ts-ignore: decorator
@inline function squaredLeaf<F, O>(f: usize, o: usize, length: i32): void {
  let n = i64x2.splat(0);
  let s0 = f64x2.splat(0), s1 = s0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * sizeof<F>();
  while (true) {
    if (sizeof<F>() == 4 && sizeof<O>() == 4) {
      for (; f + 16 < stop; f += 32, o += 32) {
        const x = v128.load(f), y = v128.load(o), d = f32x4.sub(x, y), m = f32x4.eq(d, d);
        const p = v128.and(x, m), q = v128.and(y, m);
        const e0 = f64x2.sub(low(p), low(q)), e1 = f64x2.sub(high(p), high(q));
        const u = v128.load(f, 16), v = v128.load(o, 16), c = f32x4.sub(u, v), k = f32x4.eq(c, c);
        const r = v128.and(u, k), t = v128.and(v, k);
        const e2 = f64x2.sub(low(r), low(t)), e3 = f64x2.sub(high(r), high(t));
        n = i32x4.sub(n, i32x4.add(m, k));
        s0 = f64x2.add(f64x2.add(s0, f64x2.mul(e0, e0)), f64x2.mul(e2, e2));
        s1 = f64x2.add(f64x2.add(s1, f64x2.mul(e1, e1)), f64x2.mul(e3, e3));
      }
    }
    for (; f < stop; f += 4 * sizeof<F>(), o += 4 * sizeof<O>()) {
      const d0 = f64x2.sub(two<F>(f), two<O>(o));
      const d1 = f64x2.sub(two<F>(f + 2 * sizeof<F>()), two<O>(o + 2 * sizeof<O>()));
      const m0 = present(d0), m1 = present(d1);
      const x0 = v128.and(d0, m0), x1 = v128.and(d1, m1);
      if (sizeof<F>() == 4 && sizeof<O>() == 4) n = i32x4.sub(n, v128.shuffle<u32>(m0, m1, 0, 2, 4, 6));
      else n = i64x2.sub(n, i64x2.add(m0, m1));
      s0 = f64x2.add(s0, f64x2.mul(x0, x0));
      s1 = f64x2.add(s1, f64x2.mul(x1, x1));
    }
    if (rest == 0) break;
    f = padded<F>(f, rest, tails);
    o = padded<O>(o, rest, tails + 32);
    stop = f + 4 * sizeof<F>();
    rest = 0;
  }
  const count = sizeof<F>() == 4 && sizeof<O>() == 4 ? counted32(n) : counted(n);
  store<f64>(leaf, count);
  store<f64>(leaf, count, 16);
  store<f64>(leaf, joined(s0, s1), 24);
}

/** Totals of e^2 where both are present, all columns alike: weight, e^2. */
export function squares(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
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
    const x = f + at * fw;
    const y = o + at * ow;
    if (fw == 4 && ow == 4) squaredLeaf<f32, f32>(x, y, length);
    else if (fw == 4) squaredLeaf<f32, f64>(x, y, length);
    else if (ow == 4) squaredLeaf<f64, f32>(x, y, length);
    else squaredLeaf<f64, f64>(x, y, length);
    if (takeCount(total, 0) == 0) continue;
    const w = load<f64>(weights + (<usize>i << 3));
    take(total, 0, w);
    take(total, 1, w);
  }
}

/** Of one leaf: how many both have, how many o has; how many, f, o, -, how many o has, o where o is. */
// @ts-ignore: decorator
@inline function meanLeaf<F, O>(f: usize, o: usize, length: i32): void {
  let n = i64x2.splat(0), own = n;
  let f0 = f64x2.splat(0), f1 = f0, o0 = f0, o1 = f0, t0 = f0, t1 = f0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * sizeof<F>();
  while (true) {
    for (; f < stop; f += 4 * sizeof<F>(), o += 4 * sizeof<O>()) {
      const x0 = two<F>(f), x1 = two<F>(f + 2 * sizeof<F>());
      const y0 = two<O>(o), y1 = two<O>(o + 2 * sizeof<O>());
      const k0 = present(y0), k1 = present(y1);
      const m0 = v128.and(present(x0), k0), m1 = v128.and(present(x1), k1);
      n = i64x2.sub(n, i64x2.add(m0, m1));
      own = i64x2.sub(own, i64x2.add(k0, k1));
      f0 = f64x2.add(f0, v128.and(x0, m0));
      f1 = f64x2.add(f1, v128.and(x1, m1));
      o0 = f64x2.add(o0, v128.and(y0, m0));
      o1 = f64x2.add(o1, v128.and(y1, m1));
      t0 = f64x2.add(t0, v128.and(y0, k0));
      t1 = f64x2.add(t1, v128.and(y1, k1));
    }
    if (rest == 0) break;
    f = padded<F>(f, rest, tails);
    o = padded<O>(o, rest, tails + 32);
    stop = f + 4 * sizeof<F>();
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, counted(own), 8);
  store<f64>(leaf, counted(n), 16);
  store<f64>(leaf, joined(f0, f1), 24);
  store<f64>(leaf, joined(o0, o1), 32);
  store<f64>(leaf, counted(own), 48);
  store<f64>(leaf, joined(t0, t1), 56);
}

/** The same with a threshold (`c`) and weights of columns; `columns` has a weight for each place, 1 for "none". */
function weightedMeanLeaf(
  f: usize,
  o: usize,
  c: usize,
  fw: usize,
  ow: usize,
  cw: usize,
  columns: usize,
  length: i32,
): void {
  let n = i64x2.splat(0), own = n;
  let w0 = f64x2.splat(0), w1 = w0, f0 = w0, f1 = w0, o0 = w0, o1 = w0, c0 = w0, c1 = w0;
  let v0 = w0, v1 = w0, t0 = w0, t1 = w0;
  let rest = length & 3;
  let stop = f + <usize>(length - rest) * fw;
  while (true) {
    for (; f < stop; f += 4 * fw, o += 4 * ow, c += 4 * cw, columns += 32) {
      const x0 = either(f, fw), x1 = either(f + 2 * fw, fw);
      const y0 = either(o, ow), y1 = either(o + 2 * ow, ow);
      const z0 = either(c, cw), z1 = either(c + 2 * cw, cw);
      const weight0 = v128.load(columns), weight1 = v128.load(columns, 16);
      const k0 = present(y0), k1 = present(y1);
      const m0 = v128.and(v128.and(present(x0), k0), present(z0));
      const m1 = v128.and(v128.and(present(x1), k1), present(z1));
      const weighted0 = f64x2.mul(weight0, y0), weighted1 = f64x2.mul(weight1, y1);
      n = i64x2.sub(n, i64x2.add(m0, m1));
      own = i64x2.sub(own, i64x2.add(k0, k1));
      w0 = f64x2.add(w0, v128.and(weight0, m0));
      w1 = f64x2.add(w1, v128.and(weight1, m1));
      f0 = f64x2.add(f0, v128.and(f64x2.mul(weight0, x0), m0));
      f1 = f64x2.add(f1, v128.and(f64x2.mul(weight1, x1), m1));
      o0 = f64x2.add(o0, v128.and(weighted0, m0));
      o1 = f64x2.add(o1, v128.and(weighted1, m1));
      c0 = f64x2.add(c0, v128.and(f64x2.mul(weight0, z0), m0));
      c1 = f64x2.add(c1, v128.and(f64x2.mul(weight1, z1), m1));
      v0 = f64x2.add(v0, v128.and(weight0, k0));
      v1 = f64x2.add(v1, v128.and(weight1, k1));
      t0 = f64x2.add(t0, v128.and(weighted0, k0));
      t1 = f64x2.add(t1, v128.and(weighted1, k1));
    }
    if (rest == 0) break;
    f = paddedEither(f, rest, tails, fw);
    o = paddedEither(o, rest, tails + 32, ow);
    c = paddedEither(c, rest, tails + 64, cw);
    columns = padded<f64>(columns, rest, tails + 96);
    stop = f + 4 * fw;
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, counted(own), 8);
  store<f64>(leaf, joined(w0, w1), 16);
  store<f64>(leaf, joined(f0, f1), 24);
  store<f64>(leaf, joined(o0, o1), 32);
  store<f64>(leaf, joined(c0, c1), 40);
  store<f64>(leaf, joined(v0, v1), 48);
  store<f64>(leaf, joined(t0, t1), 56);
}

/**
 * Totals of the values where f, o and c are present: weight, f, o, c; and where o is: weight, o. `c`: the threshold,
 * or 0; `columns` as above, and never 0 with a threshold.
 */
export function means(
  f: usize,
  o: usize,
  c: usize,
  fw: usize,
  ow: usize,
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
    const x = f + at * fw;
    const y = o + at * ow;
    // Without a threshold the target stands in for it: it takes nothing away.
    if (columns != 0) weightedMeanLeaf(x, y, c == 0 ? y : c + at * cw, fw, ow, c == 0 ? ow : cw, columns, length);
    else if (fw == 4 && ow == 4) meanLeaf<f32, f32>(x, y, length);
    else if (fw == 4) meanLeaf<f32, f64>(x, y, length);
    else if (ow == 4) meanLeaf<f64, f32>(x, y, length);
    else meanLeaf<f64, f64>(x, y, length);
    const w = load<f64>(weights + (<usize>i << 3));
    if (takeCount(total, 1) == 0) continue;
    take(total, 4, w);
    take(total, 5, w);
    if (takeCount(total, 0) == 0) continue;
    take(total, 0, w);
    take(total, 1, w);
    take(total, 2, w);
    if (c != 0) take(total, 3, w);
  }
}

/** Of one leaf: how many, -; the sum. */
// @ts-ignore: decorator
@inline function valueLeaf<T>(v: usize, length: i32): void {
  let n = i64x2.splat(0);
  let s0 = f64x2.splat(0), s1 = s0;
  let rest = length & 3;
  let stop = v + <usize>(length - rest) * sizeof<T>();
  while (true) {
    for (; v < stop; v += 4 * sizeof<T>()) {
      const x0 = two<T>(v), x1 = two<T>(v + 2 * sizeof<T>());
      const m0 = present(x0), m1 = present(x1);
      n = i64x2.sub(n, i64x2.add(m0, m1));
      s0 = f64x2.add(s0, v128.and(x0, m0));
      s1 = f64x2.add(s1, v128.and(x1, m1));
    }
    if (rest == 0) break;
    v = padded<T>(v, rest, tails);
    stop = v + 4 * sizeof<T>();
    rest = 0;
  }
  store<f64>(leaf, counted(n));
  store<f64>(leaf, joined(s0, s1), 16);
}

/** Total of the values that are present, unweighted. */
export function values(v: usize, vw: usize, first: u32, borders: usize, count: i32, total: usize): void {
  for (let i = 0; i < count; i++) {
    const start = load<u32>(borders + (<usize>i << 2));
    const length = <i32>(load<u32>(borders + (<usize>i << 2), 4) - start);
    const at = v + <usize>(start - first) * vw;
    if (vw == 4) valueLeaf<f32>(at, length);
    else valueLeaf<f64>(at, length);
    takeCount(total, 0);
    take(total, 0, 1);
  }
}

/**
 * Adds up the scores of one leaf: `many` rows of float64, `stride` bytes apart, a place only where none of them is NaN, from
 * the first place to the last. Writes float64 to `out`: how many, the sum of their column weights (`columns`: one a place, or
 * 0), and the weighted sum of each row. A lane is a row of its own, so that lanes do not change the order. After the rows
 * there is room for one more; after the last place of each at least 8 bytes.
 */
export function scores(rows: usize, many: i32, stride: usize, columns: usize, count: i32, out: usize): void {
  const bytes = <usize>count << 3;
  const mask = rows + <usize>many * stride;
  let n = i64x2.splat(0);
  store<f64>(rows + bytes, NaN); // after the last place of an odd number of them
  for (let i: usize = 0; i < bytes; i += 16) {
    let m = present(v128.load(rows + i));
    for (let row = rows + stride; row < mask; row += stride) m = v128.and(m, present(v128.load(row + i)));
    n = i64x2.sub(n, m);
    v128.store(mask + i, m);
  }
  store<f64>(out, counted(n));
  store<f64>(out, columns == 0 ? counted(n) : f64x2.extract_lane(rowSums(columns, columns, 0, mask, bytes), 0), 8);
  for (let k = 0; k < many; k += 2) {
    const row = rows + <usize>k * stride;
    const both = rowSums(row, k + 1 < many ? row + stride : row, columns, mask, bytes);
    store<f64>(out + (<usize>k << 3), f64x2.extract_lane(both, 0), 16);
    if (k + 1 < many) store<f64>(out + (<usize>k << 3), f64x2.extract_lane(both, 1), 24);
  }
}

/** Sums of two rows where a place is counted, weighted by column unless `columns` is 0. */
// @ts-ignore: decorator
@inline function rowSums(first: usize, second: usize, columns: usize, mask: usize, bytes: usize): v128 {
  let s = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 8) {
    let x = v128.load64_lane(second + i, v128.load64_zero(first + i), 1);
    if (columns != 0) x = f64x2.mul(v128.load64_splat(columns + i), x);
    s = f64x2.add(s, v128.and(x, v128.load64_splat(mask + i)));
  }
  return s;
}
