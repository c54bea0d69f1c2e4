import { mod360 } from "../../../kernels/circle.ts";
import { insideShape } from "../../../kernels/polygon.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair, Places } from "../../../model/pair.ts";
import { type Breakdown, kindOf } from "./breakdown.ts";
import { onceOfPlaces } from "./onceOfPlaces.ts";

/** Places of one group, by position, ascending. */
export interface PlaceGroup {
  /** Like `latitude=30..40;land=sea`. */
  readonly text: string;
  readonly places: Uint32Array;
}

/** A class for each place, or -1; classes that a place cannot share. */
interface Layer {
  readonly names: readonly string[];
  readonly classes: Int32Array;
  /** Whether a class without places is a group too: it was asked for by name. */
  readonly always: boolean;
}

/**
 * The groups of a pair's places by some break-downs of places: every combination of their classes that has places, or
 * that was asked for by name. One group of all places where there is no such break-down.
 */
export const placeGroups = (pair: Pair, breakdowns: readonly Breakdown[]): PlaceGroup[] => {
  if (isFixed(breakdowns)) return onceOfPlaces(groupsOfPlaces, pair.places, breakdowns);
  return combined(breakdowns.map((breakdown) => layersOf(breakdown, pair.places, pair)));
};

/** Whether groups follow from the places alone, so that they are the same for all times. */
export const isFixed = (breakdowns: readonly Breakdown[]): boolean =>
  breakdowns.every(
    (breakdown) =>
      breakdown === "station" || kindOf(breakdown) === "region" || kindOf(breakdown) === "latitudeBand",
  );

const groupsOfPlaces = (places: Places, breakdowns: readonly Breakdown[]): PlaceGroup[] =>
  combined(breakdowns.map((breakdown) => layersOf(breakdown, places, undefined)));

const layersOf = (breakdown: Breakdown, places: Places, pair: Pair | undefined): Layer[] => {
  if (breakdown === "station") return [stationLayer(places)];
  if (typeof breakdown === "string") return [];
  switch (breakdown.kind) {
    case "latitudeBand":
      return [bandLayer(places, breakdown.degrees)];
    case "region":
      return Object.entries(breakdown.regions).map(([name, shape]) => {
        const inside = insideShape(shape);
        return {
          names: [`region=${name}`],
          classes: eachPlace(places, (latitude, longitude) => (inside(latitude, longitude) ? 0 : -1)),
          always: true,
        };
      });
    case "landSea":
      return [
        {
          names: ["land=sea", "land=land"],
          classes: eachValue(pair!.climatology(breakdown.mask).values, (share) => (share >= 0.5 ? 1 : 0)),
          always: true,
        },
      ];
    case "altitude": {
      const { field, edges } = breakdown;
      const { unit, values } = pair!.climatology(field);
      if (unit !== field.unit) {
        throw new EwbError(
          "Unit",
          `altitudeClass: ${field.text} is in ${unit}; the edges are in ${field.unit}.`,
        );
      }
      const above = (value: number): number => {
        let k = 0;
        while (k < edges.length && value >= edges[k]!) k++;
        return k;
      };
      const ends = ["", ...edges, ""];
      const names = ends.slice(1).map((end, k) => `altitude=${ends[k]}..${end} ${unit}`);
      return [{ names, classes: eachValue(values, above), always: true }];
    }
    default:
      return [];
  }
};

const bandLayer = (places: Places, degrees: number): Layer => {
  const bands = Math.ceil(90 / degrees);
  const names = Array.from({ length: 2 * bands }, (_, k) => {
    const south = (k - bands) * degrees;
    return `latitude=${Math.max(-90, south)}..${Math.min(90, south + degrees)}`;
  });
  const classes = eachPlace(places, (latitude) =>
    Number.isNaN(latitude)
      ? -1
      : Math.min(2 * bands - 1, Math.max(0, Math.floor(latitude / degrees) + bands)),
  );
  return { names, classes, always: false };
};

const stationLayer = ({ kind, names, latitude, longitude }: Places): Layer => {
  if (kind !== "points") {
    throw new EwbError(
      "Options",
      'by: "station" needs a target of points (stations, storms), and this one is a grid. Break down by regions.',
    );
  }
  const texts = Array.from(latitude, (y, i) => names?.[i] ?? placeText(y, longitude[i]!));
  const known = new Map<string, number>();
  for (const text of texts) if (!known.has(text)) known.set(text, known.size);
  return {
    names: [...known.keys()].map((text) => `station=${text}`),
    classes: Int32Array.from(texts, (text) => known.get(text)!),
    always: false,
  };
};

/** A place without a name: latitude and longitude (-180 to 180) to about a metre. */
const placeText = (latitude: number, longitude: number): string => {
  const around = mod360(longitude + 180) - 180;
  return `${Number(latitude.toFixed(5))},${Number(around.toFixed(5))}`;
};

const eachPlace = (
  { kind, leaves, latitude, longitude }: Places,
  classOf: (latitude: number, longitude: number) => number,
): Int32Array => {
  const classes = new Int32Array(leaves.at(-1)!);
  if (kind === "points") {
    for (let i = 0; i < classes.length; i++) classes[i] = classOf(latitude[i]!, longitude[i]!);
    return classes;
  }
  const width = longitude.length;
  for (let row = 0; row < latitude.length; row++) {
    for (let column = 0; column < width; column++) {
      classes[row * width + column] = classOf(latitude[row]!, longitude[column]!);
    }
  }
  return classes;
};

const eachValue = (values: Values, classOf: (value: number) => number): Int32Array => {
  const classes = new Int32Array(values.length);
  for (let i = 0; i < classes.length; i++) classes[i] = Number.isNaN(values[i]!) ? -1 : classOf(values[i]!);
  return classes;
};

/** Every combination of one layer of each break-down. */
const combined = (all: readonly (readonly Layer[])[]): PlaceGroup[] =>
  all
    .reduce<readonly Layer[]>(
      (left, right) => left.flatMap((a) => right.map((b) => (a.names.length === 0 ? b : product(a, b)))),
      [{ names: [], classes: new Int32Array(0), always: true }],
    )
    .flatMap(groupsOf);

const product = (a: Layer, b: Layer): Layer => ({
  names: a.names.flatMap((left) => b.names.map((right) => `${left};${right}`)),
  classes: a.classes.map((left, i) =>
    left < 0 || b.classes[i]! < 0 ? -1 : left * b.names.length + b.classes[i]!,
  ),
  always: a.always && b.always,
});

/** Positions of each class, by counting. */
const groupsOf = ({ names, classes, always }: Layer): PlaceGroup[] => {
  const counts = new Uint32Array(names.length);
  for (const one of classes) if (one >= 0) counts[one]! += 1;
  const places = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let i = 0; i < classes.length; i++) {
    const one = classes[i]!;
    if (one >= 0) places[one]![counts[one]!++] = i;
  }
  return names
    .map((text, k) => ({ text, places: places[k]! }))
    .filter((group) => always || group.places.length > 0);
};
