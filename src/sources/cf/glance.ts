import type { StoredArray, StoredGroup } from "../storedArray.ts";

/** A group that knows its arrays before it asks for any of them. */
export interface GatheredGroup extends StoredGroup {
  /** As `array`, of the metadata gathered in the group alone, where there are any: costs no request. */
  glance(name: string): Promise<StoredArray>;
}

/**
 * What a group says of an array, for looking through many of them for one: names, dimensions, attributes. Ask `array`
 * for the one that is chosen.
 *
 * @example (await glance(group, "t2m")).attributes.standard_name // "air_temperature"
 */
export const glance = (group: StoredGroup | GatheredGroup, name: string): Promise<StoredArray> =>
  "glance" in group ? group.glance(name) : group.array(name);
