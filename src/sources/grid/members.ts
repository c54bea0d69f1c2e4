import { EwbError } from "../../model/errors.ts";
import type { Axis } from "../cf/axes.ts";
import { coordinateNumbers } from "../cf/coordinateNumbers.ts";
import { readCoordinate } from "../cf/readCoordinate.ts";

/**
 * Indices of the members that are read: all of them for the mean, else the one of that number (the value of the
 * coordinate; the index where there is none). Throws `NotFound` naming the members there are.
 */
export const membersOf = async (
  address: string,
  variable: string,
  axis: Axis,
  member: "mean" | number,
  absentIsFill: boolean,
): Promise<readonly number[]> => {
  const all = Array.from({ length: axis.length }, (_, i) => i);
  if (member === "mean") return all;
  const { coordinate, dim } = axis;
  const numbers = coordinate
    ? Array.from(coordinateNumbers(await readCoordinate(address, coordinate, { absentIsFill })))
    : all;
  const index = numbers.indexOf(member);
  if (index >= 0) return [index];
  throw new EwbError(
    "NotFound",
    `${address}: ${dim} has no member ${member}; there are ${numbers.slice(0, 60).join(", ")}`,
    { source: address, variable },
  );
};
