import { cutPlaces } from "../kernels/places.ts";
import type { Field } from "../model/field.ts";
import type { Pair } from "../model/pair.ts";

/** The part of a pair that lies in leaves [start, stop): what an observer of a cut sees. */
export const cutPair = (whole: Pair, start: number, stop: number): Pair => {
  const { computed: _, common: __, reference, ...pair } = whole;
  const { places } = pair;
  const from = places.leaves[start]!;
  const to = places.leaves[stop]!;
  const cut = ({ unit, values, members }: Field): Field => ({
    unit,
    values: values.subarray(from, to),
    ...(members === undefined ? {} : { members: members.map((member) => member.subarray(from, to)) }),
  });
  const cutAll = (fields: Pair["forecast"]): Record<string, Field> =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, cut(field)]));
  return {
    ...pair,
    places: cutPlaces(places, { start, stop }),
    forecast: cutAll(pair.forecast),
    target: cutAll(pair.target),
    climatology: (field) => cut(pair.climatology(field)),
    ...(reference === undefined
      ? {}
      : { reference: (forecast, variable) => cut(reference.call(whole, forecast, variable)) }),
  };
};
