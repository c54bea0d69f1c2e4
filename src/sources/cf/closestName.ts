/** Letters to change, add or drop to turn one word into another (Levenshtein 1966). */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
};

/** The name nearest to a word where one is near enough to be meant, for messages. */
export const closestName = (word: string, names: readonly string[]): string | undefined => {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 2)) + 1;
  for (const name of names) {
    const found = distance(word.toLowerCase(), name.toLowerCase());
    if (found < least) {
      least = found;
      best = name;
    }
  }
  return best;
};
