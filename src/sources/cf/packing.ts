import { EwbError } from "../../model/errors.ts";
import { plainNumber } from "./numbers.ts";

/** Value = stored * scale + offset. */
export interface Packing {
  readonly scale: number;
  readonly offset: number;
}

/** What of an array its attributes are read for. */
interface Named {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Throws `MetadataInvalid` for an attribute that is not what it has to be. */
export const refuseAttribute = (
  address: string,
  { name }: Named,
  key: string,
  value: unknown,
  wanted: string,
): never => {
  const found = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new EwbError("MetadataInvalid", `${address}: ${key} of ${name} is ${found}; ${wanted} was expected`, {
    source: address,
    variable: name,
  });
};

/** Writers put single numbers in lists of one. */
export const single = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value;

/**
 * `scale_factor` and `add_offset` (CF section 8.1) of a data variable or a coordinate. Throws `MetadataInvalid` for
 * what is no number: packed integers are never taken for values.
 *
 * @example packingOf("store", { name: "time", attributes: { scale_factor: 6 } }) // { scale: 6, offset: 0 }
 */
export const packingOf = (address: string, array: Named): Packing => {
  const number = (key: string, otherwise: number): number => {
    const value = single(array.attributes[key]);
    if (value === undefined || value === null) return otherwise;
    const found = typeof value === "string" ? undefined : plainNumber(value);
    return found !== undefined && Number.isFinite(found)
      ? found
      : refuseAttribute(address, array, key, value, "a number");
  };
  const scale = number("scale_factor", 1);
  if (scale === 0) refuseAttribute(address, array, "scale_factor", 0, "another number than 0");
  return { scale, offset: number("add_offset", 0) };
};
