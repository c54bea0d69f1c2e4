/** Copies `count` rows of `bytes` each to where they belong: `step` bytes lie between the starts of two of them. */
export function rows(from: usize, step: usize, to: usize, toStep: usize, bytes: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    memory.copy(to, from, bytes);
    from += step;
    to += toStep;
  }
}
