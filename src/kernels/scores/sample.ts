/**
 * All numbers of a sample in any order, for what needs order statistics. A list of arrays, the longest first and each
 * at least twice as long as the next: joining many small samples copies a number only as often as its array doubles.
 */
export type Sample = readonly Float64Array[];

export const sampleOf = (values: Float64Array): Sample => (values.length === 0 ? [] : [values]);

/** The numbers of both; neither is changed. */
export const joinSamples = (a: Sample, b: Sample): Sample => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const joined: Float64Array[] = [];
  for (const part of [...a, ...b].sort((x, y) => y.length - x.length)) {
    joined.push(part);
    while (joined.length > 1 && joined.at(-2)!.length < 2 * joined.at(-1)!.length) {
      const [last, before] = [joined.pop()!, joined.pop()!];
      joined.push(concatenated([before, last]));
    }
  }
  return joined;
};

/** The numbers of a sample in one array. */
export const concatenated = (sample: Sample): Float64Array => {
  const all = new Float64Array(sample.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of sample) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
