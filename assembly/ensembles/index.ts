/**
 * Statistics of the members of an ensemble, place by place, at a tile of places that stays in the processor's cache.
 *
 * The arguments all functions have: `members`, the values of all places (a multiple of 4) of the first member, then of the
 * second and so on, `width` bytes a value (4 or 8), NaN where one is missing; `many`, how many members; `places`. All
 * other arrays are float64, one number a place. The bits are those of the scalar code in `kernels/ensembles`.
 */

/** Writes how many members are present, below `against` and equal to it. */
export function ranks(
  members: usize,
  width: i32,
  many: i32,
  places: i32,
  against: usize,
  present: usize,
  below: usize,
  equal: usize,
): void {
  if (width == 4) ranksOf<f32>(members, many, places, against, present, below, equal);
  else ranksOf<f64>(members, many, places, against, present, below, equal);
}

// @ts-ignore: decorator
@inline function ranksOf<T>(
  members: usize,
  many: i32,
  places: i32,
  against: usize,
  present: usize,
  below: usize,
  equal: usize,
): void {
  const stride = <usize>places * sizeof<T>();
  for (let i: usize = 0; i < <usize>places; i += 2) {
    const y = v128.load(against + (i << 3));
    let there = i64x2.splat(0), less = there, same = there;
    let at = members + i * sizeof<T>();
    for (let k = 0; k < many; k++, at += stride) {
      const x = two<T>(at);
      there = i64x2.sub(there, f64x2.eq(x, x));
      less = i64x2.sub(less, f64x2.lt(x, y));
      same = i64x2.sub(same, f64x2.eq(x, y));
    }
    storeCounts(present + (i << 3), there);
    storeCounts(below + (i << 3), less);
    storeCounts(equal + (i << 3), same);
  }
}

/** Sorts the members of each place and writes how many are present, their mean, and their variance with M - 1. */
export function moments(
  members: usize,
  width: i32,
  many: i32,
  places: i32,
  counts: usize,
  mean: usize,
  variance: usize,
): void {
  if (width == 4) momentsOf<f32>(members, many, places, counts, mean, variance);
  else momentsOf<f64>(members, many, places, counts, mean, variance);
}

/** Two passes around the lowest member, as `ensembleMoments`. */
// @ts-ignore: decorator
@inline function momentsOf<T>(
  members: usize,
  many: i32,
  places: i32,
  counts: usize,
  mean: usize,
  variance: usize,
): void {
  const stride = <usize>places * sizeof<T>();
  sort<T>(members, many, places, counts);
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < <usize>places; i += 2) {
    const first = members + i * sizeof<T>();
    const m = v128.load(counts + (i << 3));
    const lowest = two<T>(first);
    let sum = f64x2.splat(0), k = one;
    const stop = first + <usize>many * stride;
    for (let at = first + stride; at < stop; at += stride) {
      sum = f64x2.add(sum, v128.and(f64x2.sub(two<T>(at), lowest), f64x2.lt(k, m)));
      k = f64x2.add(k, one);
    }
    const centre = f64x2.div(sum, m); // NaN where none is present
    let squares = f64x2.splat(0);
    k = f64x2.splat(0);
    for (let at = first; at < stop; at += stride) {
      const from = f64x2.sub(f64x2.sub(two<T>(at), lowest), centre);
      squares = f64x2.add(squares, v128.and(f64x2.mul(from, from), f64x2.lt(k, m)));
      k = f64x2.add(k, one);
    }
    v128.store(mean + (i << 3), f64x2.add(lowest, centre));
    const s = f64x2.div(squares, f64x2.sub(m, one));
    v128.store(variance + (i << 3), v128.bitselect(s, f64x2.splat(NaN), f64x2.gt(m, one)));
  }
}

/**
 * Sorts the members of each place and writes the parts of their CRPS, as `crpsScores`: NaN where fewer than `least` are
 * present, or the target or a limit is missing. `lowest` and `highest` clip members and target; 0: neither is clipped.
 */
export function crps(
  members: usize,
  width: i32,
  many: i32,
  places: i32,
  target: usize,
  lowest: usize,
  highest: usize,
  least: f64,
  under: usize,
  over: usize,
  spread: usize,
): void {
  if (width == 4) crpsOf<f32>(members, many, places, target, lowest, highest, least, under, over, spread);
  else crpsOf<f64>(members, many, places, target, lowest, highest, least, under, over, spread);
}

// @ts-ignore: decorator
@inline function crpsOf<T>(
  members: usize,
  many: i32,
  places: i32,
  target: usize,
  lowest: usize,
  highest: usize,
  least: f64,
  under: usize,
  over: usize,
  spread: usize,
): void {
  const stride = <usize>places * sizeof<T>();
  const counts = spread; // a place's count is read before its spread is written
  sort<T>(members, many, places, counts);
  const one = f64x2.splat(1);
  const isClipped = lowest != 0;
  let a = f64x2.splat(-Infinity), b = f64x2.splat(Infinity);
  for (let i: usize = 0; i < <usize>places; i += 2) {
    const m = v128.load(counts + (i << 3));
    let o = v128.load(target + (i << 3));
    let there = v128.and(f64x2.eq(o, o), f64x2.ge(m, f64x2.splat(least)));
    if (isClipped) {
      a = v128.load(lowest + (i << 3));
      b = v128.load(highest + (i << 3));
      there = v128.and(there, v128.and(f64x2.eq(a, a), f64x2.eq(b, b)));
      o = clipped(o, a, b);
    }
    let below = f64x2.splat(0), above = below, gaps = below, last = below, k = below;
    let at = members + i * sizeof<T>();
    for (let j = 0; j < many; j++, at += stride) {
      let x = two<T>(at);
      if (isClipped) x = clipped(x, a, b);
      const counted = f64x2.lt(k, m);
      const error = f64x2.sub(x, o);
      const less = f64x2.lt(x, o);
      below = f64x2.add(below, v128.and(f64x2.neg(error), v128.and(less, counted)));
      above = f64x2.add(above, v128.and(error, v128.andnot(counted, less)));
      // Nothing before the first (k = 0), nor between equal ones, which may be infinite.
      const gap = f64x2.mul(f64x2.mul(k, f64x2.sub(m, k)), f64x2.sub(x, last));
      const isGap = v128.and(v128.and(f64x2.ne(x, last), f64x2.gt(k, f64x2.splat(0))), counted);
      gaps = f64x2.add(gaps, v128.and(gap, isGap));
      last = x;
      k = f64x2.add(k, one);
    }
    const nan = f64x2.splat(NaN);
    v128.store(under + (i << 3), v128.bitselect(f64x2.div(below, m), nan, there));
    v128.store(over + (i << 3), v128.bitselect(f64x2.div(above, m), nan, there));
    // Fair where two are the least: M (M - 1), else M^2.
    const others = f64x2.mul(m, least > 1 ? f64x2.sub(m, one) : m);
    v128.store(spread + (i << 3), v128.bitselect(f64x2.div(gaps, others), nan, there));
  }
}

/**
 * Sorts the members of each place, ascending, by exchanges of whole rows of places (Batcher's merge exchange: Knuth, The Art
 * of Computer Programming 3, algorithm 5.2.2M). Missing ones go last, as infinity; writes how many are present.
 */
function sort<T>(members: usize, many: i32, places: i32, counts: usize): void {
  const bytes = <usize>places * sizeof<T>();
  for (let i: usize = 0; i < bytes; i += 16) present<T>(members + i, many, bytes, counts + (i / sizeof<T>() << 3));
  let most = 1;
  while (most << 1 < many) most <<= 1;
  for (let p = most; p > 0; p >>= 1) {
    let d = p;
    let r = 0;
    for (let q = most; ; q >>= 1) {
      for (let i = 0; i < many - d; i++) {
        if ((i & p) == r) exchange<T>(members + <usize>i * bytes, members + <usize>(i + d) * bytes, bytes);
      }
      if (q == p) break;
      d = q - p;
      r = p;
    }
  }
}

/** Of a vector of places: infinity instead of missing members, and how many are present. */
// @ts-ignore: decorator
@inline function present<T>(at: usize, many: i32, stride: usize, counts: usize): void {
  if (sizeof<T>() == 4) {
    let n = i32x4.splat(0);
    for (let k = 0; k < many; k++, at += stride) {
      const x = v128.load(at);
      const there = f32x4.eq(x, x);
      n = i32x4.sub(n, there);
      v128.store(at, v128.bitselect(x, f32x4.splat(Infinity), there));
    }
    v128.store(counts, f64x2.convert_low_i32x4_s(n));
    v128.store(counts + 16, f64x2.convert_low_i32x4_s(v128.shuffle<u32>(n, n, 2, 3, 2, 3)));
  } else {
    let n = i64x2.splat(0);
    for (let k = 0; k < many; k++, at += stride) {
      const x = v128.load(at);
      const there = f64x2.eq(x, x);
      n = i64x2.sub(n, there);
      v128.store(at, v128.bitselect(x, f64x2.splat(Infinity), there));
    }
    storeCounts(counts, n);
  }
}

/** The lower one of each place to the first row, the higher one to the second. */
// @ts-ignore: decorator
@inline function exchange<T>(first: usize, second: usize, bytes: usize): void {
  for (const stop = first + bytes; first < stop; first += 16, second += 16) {
    const x = v128.load(first), y = v128.load(second);
    v128.store(first, sizeof<T>() == 4 ? f32x4.pmin(x, y) : f64x2.pmin(x, y));
    v128.store(second, sizeof<T>() == 4 ? f32x4.pmax(x, y) : f64x2.pmax(x, y));
  }
}

// @ts-ignore: decorator
@inline function clipped(x: v128, lowest: v128, highest: v128): v128 {
  return f64x2.pmin(f64x2.pmax(x, lowest), highest);
}

// @ts-ignore: decorator
@inline function two<T>(at: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(at));
  return v128.load(at);
}

// @ts-ignore: decorator
@inline function storeCounts(at: usize, counts: v128): void {
  store<f64>(at, <f64>i64x2.extract_lane(counts, 0));
  store<f64>(at, <f64>i64x2.extract_lane(counts, 1), 8);
}
