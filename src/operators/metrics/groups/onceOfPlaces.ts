import type { Places } from "../../../model/pair.ts";

/** What was computed, and of which axes: places that were made of others with other axes keep nothing of theirs. */
interface Known {
  readonly of: Places;
  readonly result: unknown;
}

/** As `once`, for what follows from places alone: computed once for all pairs on the same places. */
export const onceOfPlaces = <Arguments extends readonly unknown[], Result>(
  compute: (places: Places, ...rest: Arguments) => Result,
  places: Places,
  ...rest: Arguments
): Result => {
  if (places.computed === undefined) return compute(places, ...rest);
  const ofFunction = places.computed.get(compute) ?? new Map<string, unknown>();
  places.computed.set(compute, ofFunction);
  const key = JSON.stringify(rest);
  const known = ofFunction.get(key) as Known | undefined;
  if (known !== undefined && isSame(known.of, places)) return known.result as Result;
  const result = compute(places, ...rest);
  ofFunction.set(key, { of: places, result } satisfies Known);
  return result;
};

const isSame = (a: Places, b: Places): boolean =>
  a === b ||
  (a.kind === b.kind && a.leaves === b.leaves && a.latitude === b.latitude && a.longitude === b.longitude);
