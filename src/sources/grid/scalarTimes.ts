import { EwbError } from "../../model/errors.ts";
import { namedCoordinates } from "../cf/axes.ts";
import type { AxisKind } from "../cf/axisKind.ts";
import { axisKind } from "../cf/axisKind.ts";
import { decodeLeads } from "../cf/decodeLeads.ts";
import { decodeTimes } from "../cf/decodeTimes.ts";
import { glance } from "../cf/glance.ts";
import { readCoordinate } from "../cf/readCoordinate.ts";
import { parseReference } from "../cf/timeUnit.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";

/** Times that hold for the whole of a store: coordinates of one value, or attributes. Milliseconds. */
export interface ScalarTimes {
  readonly init?: number;
  readonly lead?: number;
  readonly valid?: number;
  readonly warnings: readonly string[];
}

const keys =
  "init_time forecast_reference_time initialization_time initialisation_time initial_time reference_time " +
  "analysis_time base_time run_time forecast_init_time model_initialization_time";

const attributeTime = (group: StoredGroup, array: StoredArray): number | undefined => {
  for (const attributes of [array.attributes, group.attributes]) {
    for (const key of keys.split(" ")) {
      const text = attributes[key];
      if (typeof text !== "string") continue;
      const time = parseReference(text, "proleptic_gregorian");
      if (time !== undefined) return Math.round(time);
      throw new EwbError(
        "MetadataInvalid",
        `${group.address}: the attribute ${key} is "${text}", which is no time; e.g. 2021-06-20T00:00:00Z was expected`,
        { source: group.address, variable: array.name },
      );
    }
  }
  return undefined;
};

/**
 * Looks for scalar coordinates of time beside an array: the init of a store that holds one run, the lead or valid
 * time of one that holds one time. `hasLeads`: the array has a lead axis, so a scalar `time` is the init.
 */
export const scalarTimes = async (
  group: StoredGroup,
  array: StoredArray,
  hasLeads: boolean,
  absentIsFill: boolean,
): Promise<ScalarTimes> => {
  const found: { init?: number; lead?: number; valid?: number } = {};
  const warnings: string[] = [];
  const labels = new Set([
    ...namedCoordinates(group, array.attributes),
    ...group.names.filter((name) => kindOf(name) !== undefined),
  ]);
  for (const name of labels) {
    if (array.dims.includes(name) || name === array.name) continue;
    const coordinate = await glance(group, name);
    if (coordinate.shape.length > 1 || (coordinate.shape[0] ?? 1) !== 1) continue;
    const kind = axisKind(name, coordinate.dataType, coordinate.attributes);
    const what: "init" | "lead" | "valid" | undefined =
      kind === "time"
        ? hasLeads
          ? "init"
          : "valid"
        : kind === "valid" || kind === "init" || kind === "lead"
          ? kind
          : undefined;
    if (what === undefined || (kind === "time" && found[what] !== undefined)) continue;
    const values = await readCoordinate(group.address, await group.array(name), {
      absentIsFill,
      singleMayLack: true,
    });
    if (values.warning !== undefined) warnings.push(values.warning);
    found[what] = (what === "lead" ? decodeLeads(values) : decodeTimes(values))[0]!;
  }
  const init = found.init ?? attributeTime(group, array);
  return { ...found, ...(init === undefined ? {} : { init }), warnings };
};

const kindOf = (name: string): AxisKind | undefined => {
  const kind = axisKind(name, "", {});
  return kind === "init" || kind === "lead" || kind === "valid" || kind === "time" ? kind : undefined;
};
