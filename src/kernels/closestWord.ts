/**
 * The known word closest to one that is not known, for "did you mean": by optimal string alignment (insertions,
 * deletions, substitutions, swaps of neighbours), at most `limit` of them: unless said, a third of the letters and never more than three.
 *
 * @example closestWord("forcasts", ["forecasts", "targets"]) // "forecasts"
 */
export const closestWord = (
  word: string,
  known: readonly string[],
  limit: number = Math.min(3, Math.max(1, Math.floor(word.length / 3))),
): string | undefined => {
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
};

/**
 * The same for names of arrays and columns, where half of the letters may differ (`t2m` is a short word).
 *
 * @example closestName("2m_temprature", ["2m_temperature", "latitude"]) // "2m_temperature"
 */
export const closestName = (word: string, names: readonly string[]): string | undefined =>
  closestWord(word, names, Math.max(2, Math.floor(word.length / 2)));

/** `did you mean "forecasts"?`, or the words there are. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const closest = closestWord(word, known);
  return closest === undefined
    ? `known are: ${known.join(", ")}`
    : `did you mean ${JSON.stringify(closest)}?`;
};

const edits = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
};
