// @ts-ignore: decorator
@inline function two(at: usize, width: usize): v128 {
  return width == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

/** sqrt(u * u + v * v) in float64, over u and in its width; `uw` and `vw`: bytes a value. May go one place too far. */
export function vectorLength(u: usize, v: usize, uw: usize, vw: usize, count: i32): void {
  for (let i = 0; i < count; i += 2, u += 2 * uw, v += 2 * vw) {
    const x = two(u, uw), y = two(v, vw);
    const speed = f64x2.sqrt(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)));
    if (uw == 4) v128.store64_lane(u, f32x4.demote_f64x2_zero(speed), 0);
    else v128.store(u, speed);
  }
}
