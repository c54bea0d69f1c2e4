/** Ranks from 1 on, equal numbers share the mean of theirs; `ties`: sum of t^3 - t over groups of t equal ones. */
export const sharedRanks = (values: Float64Array): { ranks: Float64Array; ties: number } => {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const ranks = new Float64Array(n);
  let ties = 0;
  for (let start = 0; start < n; ) {
    let stop = start + 1;
    while (stop < n && values[order[stop]!] === values[order[start]!]) stop += 1;
    for (let i = start; i < stop; i++) ranks[order[i]!] = (start + 1 + stop) / 2;
    const t = stop - start;
    ties += t * t * t - t;
    start = stop;
  }
  return { ranks, ties };
};
