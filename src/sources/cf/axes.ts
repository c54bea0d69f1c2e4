import { EwbError } from "../../model/errors.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";
import { type AxisKind, axisKind } from "./axisKind.ts";

/** One dimension of a data variable, and the coordinate that labels it. */
export interface Axis {
  readonly dim: string;
  readonly length: number;
  readonly kind: AxisKind;
  /** Undefined: the store has no coordinate for this dimension. */
  readonly coordinate: StoredArray | undefined;
}

/** Names in the attribute `coordinates` (CF section 5): auxiliary and scalar coordinates. */
export const namedCoordinates = (
  group: StoredGroup,
  attributes: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const { coordinates } = attributes;
  const names = typeof coordinates === "string" ? coordinates.split(/\s+/) : [];
  return names.filter((name) => group.names.includes(name));
};

const usual =
  "latitude lat longitude lon lead_time step prediction_timedelta forecast_period init_time valid_time time".split(
    " ",
  );

/** A coordinate of a dimension that goes by another name, e.g. `lead_time(step_index)`. */
const auxiliary = async (
  group: StoredGroup,
  array: StoredArray,
  dim: string,
): Promise<StoredArray | undefined> => {
  const names = new Set([...namedCoordinates(group, array.attributes), ...usual]);
  for (const name of names) {
    if (array.dims.includes(name) || !group.names.includes(name)) continue;
    const found = await group.array(name);
    if (found.shape.length === 1 && found.dims[0] === dim) return found;
  }
  return undefined;
};

/**
 * The axes of a data variable, in the order of its dimensions. Throws `MetadataInvalid` where dimensions have no
 * names (they are never guessed from lengths), or a length disagrees with that of the coordinate.
 */
export const axesOf = async (group: StoredGroup, array: StoredArray): Promise<readonly Axis[]> => {
  const { address } = group;
  const { name, dims, shape } = array;
  const place = { source: address, variable: name };
  if (dims.length !== shape.length || dims.some((dim) => !dim)) {
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${name} has ${shape.length} dimensions and names for ${dims.filter(Boolean).length}; every ` +
        "dimension needs a name (_ARRAY_DIMENSIONS in Zarr v2, dimension_names in v3), they are not guessed from lengths",
      place,
    );
  }
  if (new Set(dims).size !== dims.length) {
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${name} has a dimension twice: ${dims.join(", ")}`,
      place,
    );
  }
  // All at once; what fails is said where it is looked at.
  await Promise.allSettled(dims.filter((dim) => group.names.includes(dim)).map((dim) => group.array(dim)));
  const axes: Axis[] = [];
  for (const [position, dim] of dims.entries()) {
    const length = shape[position]!;
    let coordinate: StoredArray | undefined;
    if (group.names.includes(dim)) {
      const own = await group.array(dim);
      if (own.shape.length <= 1) coordinate = own;
    } else coordinate = await auxiliary(group, array, dim);
    const count = coordinate && (coordinate.shape[0] ?? 1);
    if (coordinate && count !== length) {
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${name} has ${length} values along ${dim}, the coordinate ${coordinate.name} has ${count}; ` +
          "the two must agree",
        place,
      );
    }
    const { name: label, dataType, attributes } = coordinate ?? { name: dim, dataType: "", attributes: {} };
    const kind = axisKind(dim, dataType, attributes);
    axes.push({
      dim,
      length,
      kind: kind === "other" && label !== dim ? axisKind(label, dataType, attributes) : kind,
      coordinate,
    });
  }
  return axes;
};
