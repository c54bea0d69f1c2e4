import type { Field } from "../model/field.ts";
import type { Pair, Places } from "../model/pair.ts";

/** The part of a pair that lies in leaves [start, stop): what an observer of a cut sees. */
export const cutPair = (whole: Pair, start: number, stop: number): Pair => {
  const { computed: _, ...pair } = whole;
  const { places } = pair;
  const from = places.leaves[start]!;
  const to = places.leaves[stop]!;
  const cut = (field: Field): Field => ({ unit: field.unit, values: field.values.subarray(from, to) });
  const cutAll = (fields: Pair["forecast"]): Record<string, Field> =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, cut(field)]));
  return {
    ...pair,
    places: cutPlaces(places, start, stop),
    forecast: cutAll(pair.forecast),
    target: cutAll(pair.target),
    climatology: (field) => cut(pair.climatology(field)),
  };
};

const cutPlaces = (places: Places, start: number, stop: number): Places => {
  const from = places.leaves[start]!;
  const to = places.leaves[stop]!;
  const points = places.kind === "points";
  return {
    kind: places.kind,
    leaves: places.leaves.slice(start, stop + 1).map((at) => at - from),
    latitude: points ? places.latitude.slice(from, to) : places.latitude.slice(start, stop),
    longitude: points ? places.longitude.slice(from, to) : places.longitude,
    weights: (kind) => places.weights(kind).slice(start, stop),
    columnWeights: places.columnWeights,
  };
};
