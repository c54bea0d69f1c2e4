import { cutPlaces } from "../kernels/places.ts";
import type { Field } from "../model/field.ts";
import type { Pair } from "../model/pair.ts";

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
    places: cutPlaces(places, { start, stop }),
    forecast: cutAll(pair.forecast),
    target: cutAll(pair.target),
    climatology: (field) => cut(pair.climatology(field)),
  };
};
