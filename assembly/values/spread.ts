/**
 * Bilinear interpolation of rows onto rows and columns, as `kernels/spread.ts` does it place by place: along a row
 * first (`lines`, made once a row that is needed), then between two rows. What lies outside has the weight NaN.
 */

/** One row of the source along the columns: a + (b - a) * weight, and a alone where nothing is weighed. */
function alongRow(row: usize, vw: usize, left: usize, right: usize, beside: usize, columns: i32, line: usize): void {
  for (let c = 0; c < columns; c += 2, left += 8, right += 8, beside += 16, line += 16) {
    let a: v128, b: v128;
    const a0 = row + <usize>load<u32>(left) * vw, a1 = row + <usize>load<u32>(left, 4) * vw;
    const b0 = row + <usize>load<u32>(right) * vw, b1 = row + <usize>load<u32>(right, 4) * vw;
    if (vw == 4) {
      a = f64x2.promote_low_f32x4(v128.load32_lane(a1, v128.load32_zero(a0), 1));
      b = f64x2.promote_low_f32x4(v128.load32_lane(b1, v128.load32_zero(b0), 1));
    } else {
      a = v128.load64_lane(a1, v128.load64_zero(a0), 1);
      b = v128.load64_lane(b1, v128.load64_zero(b0), 1);
    }
    const weight = v128.load(beside);
    const between = f64x2.add(a, f64x2.mul(f64x2.sub(b, a), weight));
    v128.store(line, v128.bitselect(a, between, f64x2.eq(weight, f64x2.splat(0))));
  }
}

/**
 * Puts source rows (`width` values of `vw` bytes each) onto `rows` x `columns` float64 at `out`. Rows: `upper` (-1:
 * none), `lower` (i32) and `below` (f64); columns: `left`, `right`, `beside`, filled up to an even number. `lines` has
 * room for each source row along the columns, and `made`, all 0, a flag (i32) for each. May go one place too far.
 */
export function spread(
  values: usize,
  vw: usize,
  width: i32,
  left: usize,
  right: usize,
  beside: usize,
  columns: i32,
  upper: usize,
  lower: usize,
  below: usize,
  rows: i32,
  lines: usize,
  made: usize,
  out: usize,
): void {
  const rowBytes = <usize>width * vw;
  const lineBytes = <usize>((columns + 1) & ~1) << 3;
  for (let r = 0; r < rows; r++, out += <usize>columns << 3) {
    const first = load<i32>(upper + (<usize>r << 2));
    if (first < 0) {
      for (let c = 0; c < columns; c += 2) v128.store(out + (<usize>c << 3), f64x2.splat(NaN));
      continue;
    }
    const weight = load<f64>(below + (<usize>r << 3));
    const second = weight == 0 ? first : load<i32>(lower + (<usize>r << 2));
    for (let at = first; ; at = second) {
      if (load<i32>(made + (<usize>at << 2)) == 0) {
        store<i32>(made + (<usize>at << 2), 1);
        alongRow(values + <usize>at * rowBytes, vw, left, right, beside, columns, lines + <usize>at * lineBytes);
      }
      if (at == second) break;
    }
    let top = lines + <usize>first * lineBytes;
    let bottom = lines + <usize>second * lineBytes;
    const weights = f64x2.splat(weight);
    for (let c = 0; c < columns; c += 2, top += 16, bottom += 16) {
      let x = v128.load(top);
      if (weight != 0) x = f64x2.add(x, f64x2.mul(f64x2.sub(v128.load(bottom), x), weights));
      v128.store(out + (<usize>c << 3), x);
    }
  }
}
