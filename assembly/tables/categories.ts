/**
 * Counts places by how many of rising edges each side reaches, in cell (of forecast) * (`edges` + 1) + (of target) of
 * `out` (i32), to which they are added. A NaN reaches none; an edge that is NaN is reached by nothing. `fw` and `ow` are
 * bytes a value.
 */
export function categories(
  f: usize,
  o: usize,
  fw: i32,
  ow: i32,
  ft: usize,
  ot: usize,
  edges: i32,
  count: i32,
  out: usize,
): void {
  const width = i32x4.splat(edges + 1);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = <usize>i;
    let row = i32x4.splat(0), column = row;
    for (let k = 0; k < edges; k++) {
      row = i32x4.sub(row, reached(f + at * <usize>fw, fw, load<f64>(ft + (<usize>k << 3))));
      column = i32x4.sub(column, reached(o + at * <usize>ow, ow, load<f64>(ot + (<usize>k << 3))));
    }
    const cell = i32x4.shl(i32x4.add(i32x4.mul(row, width), column), 2);
    met(out + <usize>i32x4.extract_lane(cell, 0));
    met(out + <usize>i32x4.extract_lane(cell, 1));
    met(out + <usize>i32x4.extract_lane(cell, 2));
    met(out + <usize>i32x4.extract_lane(cell, 3));
  }
  for (let i = whole; i < count; i++) {
    const x = value(f, fw, i), y = value(o, ow, i);
    let row = 0, column = 0;
    for (let k = 0; k < edges; k++) {
      row += <i32>(x >= load<f64>(ft + (<usize>k << 3)));
      column += <i32>(y >= load<f64>(ot + (<usize>k << 3)));
    }
    met(out + (<usize>(row * (edges + 1) + column) << 2));
  }
}

/** Which of four values reach an edge, which is a number of their width. */
@inline
function reached(at: usize, width: i32, edge: f64): v128 {
  if (width == 4) return f32x4.ge(v128.load(at), f32x4.splat(<f32>edge));
  const edges = f64x2.splat(edge);
  return v128.shuffle<i32>(f64x2.ge(v128.load(at), edges), f64x2.ge(v128.load(at, 16), edges), 0, 2, 4, 6);
}

@inline
function met(cell: usize): void {
  store<i32>(cell, load<i32>(cell) + 1);
}

/** One value as float64. */
@inline
export function value(at: usize, width: i32, i: i32): f64 {
  return width == 4 ? <f64>load<f32>(at + ((<usize>i) << 2)) : load<f64>(at + ((<usize>i) << 3));
}
