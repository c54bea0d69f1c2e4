import { isEwbError } from "../../model/errors.ts";
import type { Source } from "../../model/source.ts";
import { axisKind } from "../cf/axisKind.ts";
import { factOf } from "../cf/findVariable.ts";
import { mappingOf } from "../cf/mappingOf.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";

const coordinates =
  "latitude lat longitude lon time valid_time init_time lead_time step prediction_timedelta forecast_reference_time";

/**
 * A group whose `names` say what is needed. A store that cannot be listed (a web address without consolidated
 * metadata) is asked for the names the source's variables usually have, then for the coordinates of what was found.
 */
export const listGroup = async (group: StoredGroup, source: Source): Promise<StoredGroup> => {
  if (group.names.length > 0) return group;
  const namesOf = (variable: string): readonly string[] => {
    const { name } = mappingOf(source, variable);
    return name === undefined ? [variable, ...(factOf(variable)?.names.split(" ") ?? [])] : [name];
  };
  const needed = (source.derivations ?? []).flatMap(({ needs }) => Object.keys(needs));
  const wanted = new Set([...Object.keys(source.variables), ...needed].flatMap(namesOf));
  const found = new Set<string>();
  const ask = async (names: Iterable<string>): Promise<StoredArray[]> => {
    const asked = [...names].map(async (name) => {
      try {
        const array = await group.array(name);
        found.add(name);
        return array;
      } catch (error) {
        if (!isEwbError(error, "NotFound", "StoreRead")) found.add(name);
        return undefined;
      }
    });
    return (await Promise.all(asked)).filter((array) => array !== undefined);
  };
  const arrays = await ask(wanted);
  const dims = new Set(arrays.flatMap((array) => array.dims));
  await ask(dims);
  // What the dimensions do not say is looked for under its usual names.
  const kinds = [...dims].map((dim) => (found.has(dim) ? axisKind(dim, "", {}) : "other"));
  const times = kinds.filter((kind) => ["init", "lead", "valid", "time"].includes(kind)).length;
  const isWhole = kinds.includes("latitude") && kinds.includes("longitude");
  if (!isWhole || times < (source.role === "forecast" ? 2 : 1)) await ask(coordinates.split(" "));
  const names = [...found].sort();
  return {
    address: group.address,
    attributes: group.attributes,
    names,
    warnings: group.warnings,
    array: (name) => group.array(name),
  };
};
