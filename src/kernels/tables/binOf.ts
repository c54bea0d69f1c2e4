/** Which edge of a bin belongs to it: `left` [a, b), the last bin closed; `right` (a, b], the first one closed. */
export type Closed = "left" | "right";

/**
 * The bin of a value among ascending edges; -1 outside of them and for NaN.
 *
 *     binOf(0.2, [0, 0.2, 1], "left") // 1
 */
export const binOf = (value: number, edges: ArrayLike<number>, closed: Closed): number => {
  const last = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[last]!)) return -1;
  let low = 0;
  let high = last;
  // Invariant: the value lies at or above edge `low` and below (left) or up to (right) edge `high`.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (closed === "left" ? value >= edges[middle]! : value > edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
};
