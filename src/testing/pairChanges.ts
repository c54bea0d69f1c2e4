import { cutPlaces, pointPlaces } from "../kernels/places.ts";
import type { Field, Values } from "../model/field.ts";
import type { Pair, Places } from "../model/pair.ts";
import { shuffled } from "./random.ts";

/** Changes of a pair that may not change a row of a metric: the same places in another notation, or without some. */

/** A pair whose arrays were all changed alike: of forecast, members, target and climatologies. */
export const mappedPair = (pair: Pair, change: (values: Values) => Values): Pair => {
  const field = ({ unit, values, members }: Field): Field => ({
    unit,
    values: change(values),
    ...(members === undefined ? {} : { members: members.map(change) }),
  });
  const all = (fields: Pair["forecast"]): Record<string, Field> =>
    Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, field(one)]));
  return {
    ...pair,
    forecast: all(pair.forecast),
    target: all(pair.target),
    climatology: (named) => field(pair.climatology(named)),
  };
};

/** The members in another order, the same one for all variables. */
export const reordered = (next: () => number, pair: Pair): Pair => {
  const count = Math.max(0, ...Object.values(pair.forecast).map(({ members }) => members?.length ?? 0));
  const order = shuffled(
    next,
    Array.from({ length: count }, (_, member) => member),
  );
  return {
    ...pair,
    forecast: Object.fromEntries(
      Object.entries(pair.forecast).map(([name, field]): [string, Field] => {
        const { members } = field;
        const isAll = members?.length === count;
        return [name, members && isAll ? { ...field, members: order.map((k) => members[k]!) } : field];
      }),
    ),
  };
};

/** A grid moved east, so that it crosses the 180th meridian: longitudes of 0 to 360. */
export const crossing = (pair: Pair): Pair =>
  pair.places.kind === "points"
    ? pair
    : {
        ...pair,
        places: { ...pair.places, longitude: pair.places.longitude.map((degrees) => degrees + 75) },
      };

/** Longitudes of -180 to 180 as those of 0 to 360, and the other way round. */
export const wrapped = (pair: Pair): Pair => ({
  ...pair,
  places: {
    ...pair.places,
    longitude: pair.places.longitude.map((degrees) =>
      degrees < 0 ? degrees + 360 : degrees >= 180 ? degrees - 360 : degrees,
    ),
  },
});

/** The rows of a grid in the opposite order; points as they are. */
export const mirrored = (pair: Pair): Pair => {
  const { places } = pair;
  if (places.kind === "points") return pair;
  const rows = places.latitude.length;
  const width = places.longitude.length;
  const flipped: Places = {
    ...places,
    latitude: places.latitude.slice().reverse(),
    weights: (kind) => places.weights(kind).slice().reverse(),
  };
  const flip = (values: Values): Values => {
    const copy = values.slice();
    for (let row = 0; row < rows; row++) {
      copy.set(values.subarray(row * width, (row + 1) * width), (rows - 1 - row) * width);
    }
    return copy;
  };
  return { ...mappedPair(pair, flip), places: flipped };
};

/**
 * The last third of the points, or of the rows of a grid, missing on both sides; and the pair without them. The last ones,
 * since a leaf is summed in lanes: a place that stays keeps its lane, and so the sum its bits.
 */
export const someMissing = (pair: Pair): { readonly missing: Pair; readonly absent: Pair } =>
  pair.places.kind === "points" ? missingPoints(pair) : missingRows(pair);

const blanked = (pair: Pair, isGone: (place: number) => boolean): Pair => ({
  ...mappedPair(pair, (values) => values.map((value, i) => (isGone(i) ? Number.NaN : value))),
  climatology: pair.climatology,
});

const missingPoints = (pair: Pair): { readonly missing: Pair; readonly absent: Pair } => {
  const { latitude, longitude } = pair.places;
  const end = Math.ceil((2 * latitude.length) / 3);
  return {
    missing: blanked(pair, (place) => place >= end),
    absent: {
      ...mappedPair(pair, (values) => values.subarray(0, end)),
      places: pointPlaces(latitude.slice(0, end), longitude.slice(0, end)),
    },
  };
};

const missingRows = (pair: Pair): { readonly missing: Pair; readonly absent: Pair } => {
  const { places } = pair;
  const stop = Math.ceil((2 * (places.leaves.length - 1)) / 3);
  const end = places.leaves[stop]!;
  return {
    missing: blanked(pair, (place) => place >= end),
    absent: {
      ...mappedPair(pair, (values) => values.subarray(0, end)),
      places: cutPlaces(places, { start: 0, stop }),
    },
  };
};
