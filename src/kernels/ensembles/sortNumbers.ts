/** Elements sorted by insertion; longer runs are merged. */
const RUN = 24;

/**
 * Sorts `count` numbers of `values` from `start` on, ascending, in place: insertion within short runs, then merges, so
 * that ensembles of usual size are sorted without a call and large ones in O(n log n). None is NaN. `room` has place
 * for `count` numbers.
 *
 *     sortNumbers(Float64Array.of(3, 1, 2), 0, 3, new Float64Array(3)) // 1, 2, 3
 */
export const sortNumbers = (values: Float64Array, start: number, count: number, room: Float64Array): void => {
  const end = start + count;
  for (let from = start; from < end; from += RUN) {
    const to = Math.min(end, from + RUN);
    for (let i = from + 1; i < to; i++) {
      const value = values[i]!;
      let j = i - 1;
      while (j >= from && values[j]! > value) {
        values[j + 1] = values[j]!;
        j -= 1;
      }
      values[j + 1] = value;
    }
  }
  for (let width = RUN; width < count; width *= 2) {
    for (let from = start; from + width < end; from += 2 * width) {
      mergeRuns(values, from, from + width, Math.min(end, from + 2 * width), room);
    }
  }
};

/** Merges the runs [from, middle) and [middle, to). */
const mergeRuns = (
  values: Float64Array,
  from: number,
  middle: number,
  to: number,
  room: Float64Array,
): void => {
  const left = middle - from;
  for (let i = 0; i < left; i++) room[i] = values[from + i]!;
  let i = 0;
  let j = middle;
  let at = from;
  while (i < left && j < to) {
    if (room[i]! <= values[j]!) values[at++] = room[i++]!;
    else values[at++] = values[j++]!;
  }
  while (i < left) values[at++] = room[i++]!;
};
