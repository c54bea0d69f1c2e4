import { chosenPoints, cutPlaces } from "../../../kernels/places.ts";
import type { Field, Values } from "../../../model/field.ts";
import type { Span } from "../../../model/grid.ts";
import type { Pair, Places } from "../../../model/pair.ts";

/**
 * What stays of the places. `rows`: leaves that have any of those chosen, with the other places missing on both sides,
 * which is the same as places that are not there; where a leaf is chosen as a whole nothing is copied. `points`: the
 * same, but of points only those chosen, for choices that are the same at all times. `all`: every place, missing where
 * it is not chosen, for metrics that need the shape of the field.
 */
export type Staying = "rows" | "points" | "all";

/** A view of a pair that has the chosen places only, by their positions. Fields are made when they are asked for. */
export const partOfPair = (pair: Pair, chosen: Uint32Array, staying: Staying): Pair => {
  const { places } = pair;
  if (places.kind === "points" && staying === "points") {
    const gather = (values: Values): Values => {
      const some =
        values instanceof Float32Array ? new Float32Array(chosen.length) : new Float64Array(chosen.length);
      for (let i = 0; i < chosen.length; i++) some[i] = values[chosen[i]!]!;
      return some;
    };
    return viewed(pair, chosenPoints(places, chosen), gather, gather);
  }
  const rows = staying === "all" ? { start: 0, stop: places.leaves.length - 1 } : leavesOf(places, chosen);
  const start = places.leaves[rows.start]!;
  const stop = places.leaves[rows.stop]!;
  const cut = (values: Values): Values => values.subarray(start, stop);
  const all = chosen.length === stop - start;
  const masked = (values: Values): Values => {
    const size = stop - start;
    const copy = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
    copy.fill(Number.NaN);
    for (let k = 0; k < chosen.length; k++) copy[chosen[k]! - start] = values[chosen[k]!]!;
    return copy;
  };
  const isWhole = rows.start === 0 && rows.stop === places.leaves.length - 1;
  return viewed(pair, isWhole ? places : cutPlaces(places, rows), all ? cut : masked, cut);
};

/** The leaves from the first place to the last; one leaf where there is no place. */
const leavesOf = ({ leaves }: Places, chosen: Uint32Array): Span => {
  const last = leaves.length - 1;
  if (chosen.length === 0 || last === 0) return { start: 0, stop: Math.min(1, last) };
  return { start: leafOf(leaves, chosen[0]!), stop: leafOf(leaves, chosen.at(-1)!) + 1 };
};

const leafOf = (leaves: Uint32Array, place: number): number => {
  let low = 0;
  let high = leaves.length - 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (leaves[middle + 1]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
};

type Change = (values: Values) => Values;

/** A pair on other places. `sides`: how forecast and target are put there; `others`: all else. */
const viewed = (pair: Pair, places: Places, sides: Change, others: Change): Pair => {
  const { computed, common: _, reference, judgedBy, ...rest } = pair;
  return {
    ...rest,
    places,
    forecast: lazily(pair.forecast, sides),
    target: lazily(pair.target, sides),
    ...(judgedBy === undefined ? {} : { judgedBy: lazily(judgedBy, sides) }),
    climatology: (field) => changed(pair.climatology(field), others),
    ...(reference === undefined
      ? {}
      : { reference: (forecast, variable) => changed(reference.call(pair, forecast, variable), others) }),
    ...(computed === undefined ? {} : { computed: new Map() }),
  };
};

const changed = ({ unit, values, members }: Field, change: Change): Field => ({
  unit,
  values: change(values),
  ...(members === undefined ? {} : { members: members.map(change) }),
});

const lazily = (fields: Pair["forecast"], change: Change): Record<string, Field> => {
  const made: Record<string, Field> = {};
  for (const [name, field] of Object.entries(fields)) {
    let known: Field | undefined;
    Object.defineProperty(made, name, {
      enumerable: true,
      get: () => {
        known ??= changed(field, change);
        return known;
      },
    });
  }
  return made;
};
