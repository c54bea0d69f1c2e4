import { closestName } from "../../kernels/closestWord.ts";
import { EwbError } from "../../model/errors.ts";
import type { Source, StoredVariable } from "../../model/source.ts";
import { type VariableFact, variableFacts } from "../../model/variables.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";
import { namedCoordinates } from "./axes.ts";
import { axisKind } from "./axisKind.ts";
import { glance } from "./glance.ts";
import { mappingOf } from "./mappingOf.ts";

/** The array that holds a variable, and what the source says of it. */
export interface Found {
  readonly array: StoredArray;
  readonly fact: VariableFact | undefined;
  readonly stated: Omit<StoredVariable, "name">;
}

export const factOf = (variable: string): VariableFact | undefined =>
  variableFacts.find(({ name }) => name === variable);

const namesOf = (fact: VariableFact): readonly string[] => [fact.name, ...fact.names.split(" ")];

/** The usual short names of a variable that a store has. */
const usual = (fact: VariableFact | undefined, names: readonly string[]): string[] =>
  fact?.names.split(" ").filter((name) => names.includes(name)) ?? [];

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "none" : names.slice(0, 40).join(", ") + (names.length > 40 ? ", …" : "");

/** Whether an array lies on pressure levels: a dimension, or a scalar coordinate, of pressure. */
const onPressure = async (group: StoredGroup, array: StoredArray): Promise<boolean> => {
  for (const name of new Set([...array.dims, ...namedCoordinates(group, array.attributes)])) {
    if (!group.names.includes(name)) {
      if (axisKind(name, "", {}) === "pressure") return true;
      continue;
    }
    const { dataType, attributes } = await glance(group, name);
    if (axisKind(name, dataType, attributes) === "pressure") return true;
  }
  return false;
};

const extremeOf = (array: StoredArray): string | undefined => {
  const { cell_methods: methods } = array.attributes;
  return typeof methods === "string" ? /time:\s*(maximum|minimum)/.exec(methods)?.[1] : undefined;
};

/** Arrays with the standard name, on the right kind of level, and not known by the name of another variable. */
const byStandardName = async (group: StoredGroup, fact: VariableFact): Promise<StoredArray[]> => {
  const own = namesOf(fact);
  const others = new Set(variableFacts.flatMap((other) => (other === fact ? [] : namesOf(other))));
  const found: StoredArray[] = [];
  const arrays = await Promise.all(group.names.map((name) => glance(group, name).catch(() => undefined)));
  for (const array of arrays) {
    if (!array || array.shape.length < 2 || array.attributes.standard_name !== fact.standardName) continue;
    const { name } = array;
    if (others.has(name) && !own.includes(name)) continue;
    const extreme = extremeOf(array);
    if (extreme !== undefined && extreme !== fact.extreme) continue;
    if (fact.extreme !== undefined && extreme !== fact.extreme && !own.includes(name)) continue;
    if ((await onPressure(group, array)) === (fact.vertical === "pressure")) found.push(array);
  }
  return found;
};

/**
 * Finds the array of a variable: by the source's `mapping`, the canonical name itself, the CF `standard_name` (a
 * pressure coordinate tells levels from the surface), then the usual short names. Throws `NotFound`, naming the
 * arrays there are and the closest, or `MetadataInvalid`, naming the candidates, where several would do.
 */
export const findVariable = async (group: StoredGroup, source: Source, variable: string): Promise<Found> => {
  const { address, names } = group;
  const fact = factOf(variable);
  const place = { source: address, variable };
  const { name, ...stated } = mappingOf(source, variable);
  if (name !== undefined) {
    if (names.length > 0 && !names.includes(name)) {
      const near = usual(fact, names)[0] ?? closestName(name, names);
      throw new EwbError(
        "NotFound",
        `${address}: no array ${name}, which the mapping names for ${variable}. There are: ${listed(names)}` +
          (near ? `; did you mean ${near}?` : ""),
        place,
      );
    }
    return { array: await group.array(name), fact, stated };
  }
  if (names.includes(variable)) return { array: await group.array(variable), fact, stated };
  const candidates = fact ? await byStandardName(group, fact) : [];
  const short = usual(fact, names);
  const both = candidates.filter(({ name }) => short.includes(name));
  const chosen = candidates.length === 1 ? candidates : both;
  if (chosen.length === 1) return { array: await group.array(chosen[0]!.name), fact, stated };
  const several = candidates.length > 1 ? candidates.map(({ name }) => name) : short;
  if (several.length > 1) {
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${several.join(", ")} could all be ${variable}; say which one: ` +
        `mapping: { ${variable}: "${several[0]}" }`,
      place,
    );
  }
  if (several.length === 1) return { array: await group.array(several[0]!), fact, stated };
  const near = closestName(variable, names);
  throw new EwbError(
    "NotFound",
    `${address}: no array for ${variable}` +
      (fact
        ? ` (standard_name ${fact.standardName}, or one of the names ${fact.names.split(" ").join(", ")})`
        : "") +
      `. There are: ${listed(names)}${near ? `; did you mean ${near}?` : ""}. ` +
      `A name can be stated: mapping: { ${variable}: "…" }`,
    place,
  );
};
