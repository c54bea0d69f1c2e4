import type { AxisValues } from "./axisValues.ts";
import { toFloat64 } from "./numbers.ts";
import { packingOf } from "./packing.ts";

/**
 * The values of a coordinate as float64, unpacked. A coordinate is never masked: what equals its fill value stays a
 * value. Throws `MetadataInvalid` where `scale_factor` or `add_offset` are no numbers.
 */
export const coordinateNumbers = ({ values, attributes, source, variable }: AxisValues): Float64Array => {
  const { scale, offset } = packingOf(source, { name: variable, attributes });
  const numbers = toFloat64(values);
  if (scale === 1 && offset === 0) return numbers;
  return numbers.map((value) => value * scale + offset);
};
