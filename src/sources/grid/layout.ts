import { EwbError } from "../../model/errors.ts";
import type { Source } from "../../model/source.ts";
import { axesOf } from "../cf/axes.ts";
import { type Decoding, decodingOf } from "../cf/decoding.ts";
import { findVariable } from "../cf/findVariable.ts";
import { horizontalAxes } from "../cf/horizontalGrid.ts";
import { unitOf } from "../cf/unitOf.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";
import { membersOf } from "./members.ts";
import { hectopascals, picksOf } from "./picks.ts";
import type { SlotTimes } from "./slotTimes.ts";

/** Where the values of a variable lie in its array, and how they are decoded. */
export interface Layout {
  readonly variable: string;
  readonly unit: string;
  readonly array: StoredArray;
  readonly decoding: Decoding;
  /** Positions of the dimensions of rows and columns. */
  readonly row: number;
  readonly column: number;
  /** Dimension -> position, for those a slot names. */
  readonly slots: ReadonlyMap<string, number>;
  /** Position -> index, for those of which one value is taken. */
  readonly fixed: ReadonlyMap<number, number>;
  readonly members: { readonly position: number; readonly indices: readonly number[] } | undefined;
  readonly level: number | null;
  readonly warnings: readonly string[];
}

/** The array whose axes give a source its grid and times. */
export interface Anchor {
  readonly latitude: string;
  readonly longitude: string;
  readonly shape: readonly [number, number];
  readonly times: SlotTimes;
}

/**
 * Finds a variable and checks that it lies on the grid and times of the source. Throws what `findVariable`,
 * `axesOf`, `picksOf`, `unitOf` and `decodingOf` throw, and `MetadataInvalid` for another grid or time axis.
 */
export const layoutOf = async (
  group: StoredGroup,
  source: Source,
  variable: string,
  anchor: Anchor,
): Promise<Layout> => {
  const { address } = group;
  const absentIsFill = source.absent === "fill";
  const found = await findVariable(group, source, variable);
  const { array } = found;
  const axes = await axesOf(group, array);
  const { latitude, longitude } = await horizontalAxes(group, array, axes);
  const place = { source: address, variable };
  if (
    latitude.dim !== anchor.latitude ||
    longitude.dim !== anchor.longitude ||
    latitude.length !== anchor.shape[0] ||
    longitude.length !== anchor.shape[1]
  ) {
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${array.name} lies on ${latitude.dim} x ${longitude.dim} (${latitude.length} x ` +
        `${longitude.length}), the source's other variables on ${anchor.latitude} x ${anchor.longitude} ` +
        `(${anchor.shape.join(" x ")}); make a source of its own of it`,
      place,
    );
  }
  const { dims: slotDims } = anchor.times;
  const slots = new Map<string, number>();
  const further = [];
  let memberAxis: (typeof axes)[number] | undefined;
  for (const [position, axis] of axes.entries()) {
    if (axis === latitude || axis === longitude) continue;
    if (slotDims.has(axis.dim)) slots.set(axis.dim, position);
    else if (axis.kind === "member") memberAxis = axis;
    else if (["time", "valid", "init", "lead"].includes(axis.kind) && axis.length > 1) {
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${array.name} has a time axis ${axis.dim} that the source's other variables lack ` +
          `(${[...slotDims.keys()].join(", ")}); make a source of its own of it`,
        place,
      );
    } else further.push(axis);
  }
  const picks = await picksOf(address, variable, array.name, further, found.stated.at ?? {}, absentIsFill);
  const fixed = new Map<number, number>();
  let level: number | null = null;
  for (const axis of further) {
    const { index, value } = picks.get(axis.dim)!;
    fixed.set(axes.indexOf(axis), index);
    if (value === undefined) continue;
    if (axis.kind === "pressure") level = hectopascals(axis, value);
    else if (axis.kind === "height" && axis.length > 1) level = value;
  }
  const { unit, conversion, warning } = unitOf(address, source, variable, found);
  const members = memberAxis && {
    position: axes.indexOf(memberAxis),
    indices: await membersOf(address, variable, memberAxis, source.member ?? "mean", absentIsFill),
  };
  return {
    variable,
    unit,
    array,
    decoding: decodingOf(array, { address, conversion, absentIsFill }),
    row: axes.indexOf(latitude),
    column: axes.indexOf(longitude),
    slots,
    fixed,
    members,
    level,
    warnings: warning === undefined ? [] : [warning],
  };
};
