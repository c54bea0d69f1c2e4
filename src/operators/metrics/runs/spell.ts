import { HOUR } from "../../../kernels/time.ts";

/**
 * Hours spent in a spell by one run: the distances of adjacent samples that both hit, added up. An isolated hit
 * is 0 h, several spells add up. Times ascend (milliseconds); they are those of the samples that are there.
 *
 * Adjacent are consecutive samples of the run, unless something is missing between them: a distance wider than
 * the ones before and after it is a hole and breaks a spell. So a run that goes from hourly to 6-hourly leads
 * counts whole, and a missing sample counts the same whether it is missing or was never there.
 */
export const spellHours = (times: ArrayLike<number>, hit: (index: number) => boolean): number => {
  let total = 0;
  for (let i = 1; i < times.length; i++) {
    if (hit(i - 1) && hit(i) && !isHole(times, i)) total += times[i]! - times[i - 1]!;
  }
  return total / HOUR;
};

const isHole = (times: ArrayLike<number>, i: number): boolean => {
  const gap = times[i]! - times[i - 1]!;
  const before = i > 1 ? times[i - 1]! - times[i - 2]! : undefined;
  const after = i + 1 < times.length ? times[i + 1]! - times[i]! : undefined;
  if (before === undefined && after === undefined) return false;
  return gap > (before ?? 0) && gap > (after ?? 0);
};
