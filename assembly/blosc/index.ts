/** First byte that is free. */
export function base(): usize {
  return __heap_base;
}
