/** Whether any of `count` values from `at` on is infinite. */
export function endless32(at: usize, count: i32): i32 {
  const end = at + (<usize>count << 2);
  const endless = f32x4.splat(Infinity);
  let found = i32x4.splat(0);
  for (; end - at >= 16; at += 16) found = v128.or(found, f32x4.eq(f32x4.abs(v128.load(at)), endless));
  for (; at < end; at += 4) found = v128.or(found, f32x4.eq(f32x4.abs(v128.load32_splat(at)), endless));
  return i32(v128.any_true(found));
}

export function endless64(at: usize, count: i32): i32 {
  const end = at + (<usize>count << 3);
  const endless = f64x2.splat(Infinity);
  let found = i64x2.splat(0);
  for (; end - at >= 16; at += 16) found = v128.or(found, f64x2.eq(f64x2.abs(v128.load(at)), endless));
  if (at < end) found = v128.or(found, f64x2.eq(f64x2.abs(v128.load64_splat(at)), endless));
  return i32(v128.any_true(found));
}
