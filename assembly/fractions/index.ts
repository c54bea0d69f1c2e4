/**
 * Window counts of two fields of events from one summed-area table, for the fractions skill score; what
 * `kernels/spatial/windowSums.ts` does one place after another.
 *
 * A table row holds 32 bits a column: the forecast's count in the lower 16, the target's in the upper 16, both
 * modulo 2^16; where cells are missing, their count lies in a second table, 16 bits a column. Only the last
 * `ringRows` rows are kept. Four windows side by side are one vector: F^2 + O^2 is its dot product with itself, F O the
 * one with its upper halves brought down.
 */

/** A window: rows, columns, then the first and last + 1 row and column of its first cell (i32). */
const WINDOW: usize = 24;
/** Its sums: windows counted, sum of (F - O)^2, sum of F^2 + O^2 (f64). */
const SUMS: usize = 24;
/** What a sum of 32 bits may hold. */
const LARGEST: i64 = 0x7fffffff;

/** Lanes 0 to `rest` - 1. */
// @ts-ignore: decorator
@inline function firstLanes(rest: i32): v128 {
  return i32x4.gt_s(i32x4.splat(rest), i32x4(0, 1, 2, 3));
}

/** Running totals over four lanes. */
// @ts-ignore: decorator
@inline function running(x: v128): v128 {
  const zero = i32x4.splat(0);
  x = i16x8.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
  return i16x8.add(x, v128.shuffle<i32>(zero, x, 0, 0, 4, 5));
}

/** The next row of the table of events. */
function eventRow(codes: usize, columns: i32, above: usize, row: usize): void {
  let carry = i32x4.splat(0);
  const one = i32x4.splat(1), two = i32x4.splat(2);
  store<i32>(row, 0);
  for (let x = 0; x < columns; x += 4) {
    const bytes = v128.load32_zero(codes + <usize>x);
    const cells = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    const events = v128.or(v128.and(cells, one), i32x4.shl(v128.and(cells, two), 15));
    const total = i16x8.add(running(events), carry);
    carry = v128.shuffle<i32>(total, total, 3, 3, 3, 3);
    const at = <usize>(x + 1) << 2;
    v128.store(row + at, i16x8.add(v128.load(above + at), total));
  }
}

/** The next row of the table of missing cells. */
function missingRow(codes: usize, columns: i32, above: usize, row: usize): void {
  let count = 0;
  store<i16>(row, 0);
  for (let x = 0; x < columns; x++) {
    count += <i32>load<u8>(codes + <usize>x) >> 2;
    const at = <usize>(x + 1) << 1;
    store<i16>(row + at, <i16>(<i32>load<i16>(above + at) + count));
  }
}

/** Counts of four windows whose upper left corner lies at `top`. */
// @ts-ignore: decorator
@inline function counts(top: usize, bottom: usize, across: usize): v128 {
  return i16x8.sub(
    i16x8.sub(v128.load(bottom + across), v128.load(bottom)),
    i16x8.sub(v128.load(top + across), v128.load(top)),
  );
}

// @ts-ignore: decorator
@inline function wide(sum: v128, x: v128): v128 {
  return i64x2.add(i64x2.add(sum, i64x2.extend_low_i32x4_s(x)), i64x2.extend_high_i32x4_s(x));
}

/** Adds windows side by side, from `top` and `bottom` on, to the sums at `out`. */
function windowRow(top: usize, bottom: usize, across: usize, count: i32, steps: i32, out: usize): void {
  let sizes = i64x2.splat(0), products = i64x2.splat(0);
  for (let x = 0; x < count; ) {
    const whole = min(x + (steps << 2), count & ~3);
    let size = i32x4.splat(0), product = i32x4.splat(0);
    for (; x < whole; x += 4) {
      const at = <usize>x << 2;
      const v = counts(top + at, bottom + at, across);
      size = i32x4.add(size, i32x4.dot_i16x8_s(v, v));
      product = i32x4.add(product, i32x4.dot_i16x8_s(v, i32x4.shr_u(v, 16)));
    }
    sizes = wide(sizes, size);
    products = wide(products, product);
    if (x == (count & ~3) && x < count) {
      const at = <usize>x << 2;
      const v = v128.and(counts(top + at, bottom + at, across), firstLanes(count - x));
      sizes = wide(sizes, i32x4.dot_i16x8_s(v, v));
      products = wide(products, i32x4.dot_i16x8_s(v, i32x4.shr_u(v, 16)));
      x = count;
    }
  }
  add(out, count, sizes, products);
}

/** Of windows whose upper left corners lie side by side from `top` on: all bits set where none of its cells is missing. */
// @ts-ignore: decorator
@inline function kept(top: usize, bottom: usize, across: usize): v128 {
  const gone = i16x8.sub(
    i16x8.sub(v128.load(bottom + across), v128.load(bottom)),
    i16x8.sub(v128.load(top + across), v128.load(top)),
  );
  return i16x8.eq(gone, i16x8.splat(0));
}

/** The same where cells are missing: windows with one are left out. Eight at a time, as long as sums hold two steps. */
function gappedRow(
  top: usize,
  bottom: usize,
  missingTop: usize,
  missingBottom: usize,
  across: usize,
  count: i32,
  steps: i32,
  out: usize,
): void {
  let sizes = i64x2.splat(0), products = i64x2.splat(0), present = i32x4.splat(0);
  const half = across >> 1;
  const eights = steps < 2 ? 0 : count & ~7;
  let x = 0;
  while (x < eights) {
    const stop = min(x + ((steps >> 1) << 3), eights);
    let size = i32x4.splat(0), product = i32x4.splat(0);
    for (; x < stop; x += 8) {
      const at = <usize>x << 2, there = <usize>x << 1;
      const mask = kept(missingTop + there, missingBottom + there, half);
      const u = v128.and(counts(top + at, bottom + at, across), i32x4.extend_low_i16x8_s(mask));
      const v = v128.and(counts(top + at + 16, bottom + at + 16, across), i32x4.extend_high_i16x8_s(mask));
      present = i32x4.sub(present, i32x4.extadd_pairwise_i16x8_s(mask));
      size = i32x4.add(size, i32x4.add(i32x4.dot_i16x8_s(u, u), i32x4.dot_i16x8_s(v, v)));
      product = i32x4.add(
        product,
        i32x4.add(i32x4.dot_i16x8_s(u, i32x4.shr_u(u, 16)), i32x4.dot_i16x8_s(v, i32x4.shr_u(v, 16))),
      );
    }
    sizes = wide(sizes, size);
    products = wide(products, product);
  }
  for (; x < count; x += 4) {
    const at = <usize>x << 2, there = <usize>x << 1;
    const mask = i32x4.extend_low_i16x8_s(kept(missingTop + there, missingBottom + there, half));
    const own = v128.and(mask, firstLanes(count - x));
    const v = v128.and(counts(top + at, bottom + at, across), own);
    present = i32x4.sub(present, own);
    sizes = wide(sizes, i32x4.dot_i16x8_s(v, v));
    products = wide(products, i32x4.dot_i16x8_s(v, i32x4.shr_u(v, 16)));
  }
  const counted =
    i32x4.extract_lane(present, 0) +
    i32x4.extract_lane(present, 1) +
    i32x4.extract_lane(present, 2) +
    i32x4.extract_lane(present, 3);
  add(out, counted, sizes, products);
}

// @ts-ignore: decorator
@inline function add(out: usize, count: i32, sizes: v128, products: v128): void {
  const size = i64x2.extract_lane(sizes, 0) + i64x2.extract_lane(sizes, 1);
  const product = i64x2.extract_lane(products, 0) + i64x2.extract_lane(products, 1);
  store<f64>(out, load<f64>(out) + <f64>count);
  store<f64>(out + 8, load<f64>(out + 8) + <f64>(size - 2 * product));
  store<f64>(out + 16, load<f64>(out + 16) + <f64>size);
}

/** The sums of `count` kinds of windows over all of their places; a row after another. */
export function sums(
  codes: usize,
  columns: i32,
  rows: i32,
  someMissing: i32,
  windows: usize,
  count: i32,
  ring: usize,
  ringRows: i32,
  stride: usize,
  out: usize,
): void {
  const missing = ring + <usize>ringRows * stride;
  memory.fill(ring, 0, stride);
  if (someMissing) memory.fill(missing, 0, stride >> 1);
  memory.fill(out, 0, <usize>count * SUMS);
  for (let y = 1; y <= rows; y++) {
    const above = <usize>((y - 1) % ringRows) * stride;
    const here = <usize>(y % ringRows) * stride;
    const line = codes + <usize>(y - 1) * <usize>columns;
    eventRow(line, columns, ring + above, ring + here);
    if (someMissing) missingRow(line, columns, missing + (above >> 1), missing + (here >> 1));
    for (let k = 0; k < count; k++) {
      const window = windows + <usize>k * WINDOW;
      const height = load<i32>(window), width = load<i32>(window, 4);
      const first = y - height;
      if (first < load<i32>(window, 8) || first >= load<i32>(window, 12)) continue;
      const start = load<i32>(window, 16);
      const across = <usize>width << 2;
      const top = <usize>(first % ringRows) * stride + (<usize>start << 2);
      const bottom = here + (<usize>start << 2);
      const places = load<i32>(window, 20) - start;
      const sum = out + <usize>k * SUMS;
      const most = <i64>2 * height * width * height * width;
      const steps = <i32>min<i64>(LARGEST / most, 1 << 20);
      if (someMissing) {
        const missingTop = missing + (top >> 1), missingBottom = missing + (bottom >> 1);
        gappedRow(ring + top, ring + bottom, missingTop, missingBottom, across, places, steps, sum);
      } else {
        windowRow(ring + top, ring + bottom, across, places, steps, sum);
      }
    }
  }
}
