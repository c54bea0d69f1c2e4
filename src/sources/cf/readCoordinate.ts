import { EwbError } from "../../model/errors.ts";
import type { StoredArray, StoredValues } from "../storedArray.ts";
import { allOver } from "./allOver.ts";
import type { AxisValues } from "./axisValues.ts";
import { withDeclaredSign } from "./signedness.ts";

/** Chunks of a coordinate asked for at once; a store has its own limit below. */
const atOnce = 256;
/** From this many chunks on a warning tells why opening takes long. */
const many = 2048;

interface Options {
  readonly signal?: AbortSignal;
  /** Whether a chunk that is not there holds the fill value, or 0 where the store states none. */
  readonly absentIsFill?: boolean;
  /**
   * Whether the only value of an axis is its fill value (0 where it states none) where its chunk is absent: writers
   * leave out a chunk that holds a single 0, the usual lead of an analysis. A warning says so.
   */
  readonly singleMayLack?: boolean;
}

/**
 * All values of a coordinate of one dimension or none. Every chunk is needed: throws `NotFound` naming the array
 * where one is absent, unless the store leaves out chunks of the fill value (writers that append one time after
 * another leave out that of the first, 0, and state no fill value), or the one value of an axis may lack.
 */
export const readCoordinate = async (
  address: string,
  array: StoredArray,
  { signal, absentIsFill = false, singleMayLack = false }: Options = {},
): Promise<AxisValues> => {
  const { name, shape, chunkShape, attributes, dataType, fill } = array;
  const place = { source: address, variable: name };
  if (shape.length > 1) {
    throw new EwbError(
      "Unsupported",
      `${address}: the coordinate ${name} has ${shape.length} dimensions (${shape.join(" x ")}); one is needed`,
      place,
    );
  }
  const length = shape[0] ?? 1;
  const step = chunkShape[0] ?? 1;
  const count = Math.ceil(length / Math.max(1, step));
  let values: StoredValues | undefined;
  let warning: string | undefined;
  const part = async (index: number): Promise<void> => {
    const coords = shape.length === 0 ? [] : [index];
    const chunk = await array.chunk(coords, signal ? { signal } : {});
    const start = index * step;
    const stop = Math.min(length, start + step);
    if (!chunk) {
      const single = singleMayLack && length === 1;
      if (single)
        warning = `${address}: the only chunk of ${name} is absent; its value is taken as ${fill ?? 0}`;
      if (!single && !absentIsFill) {
        throw new EwbError(
          "NotFound",
          `${address}: chunk ${coords.join(".") || "0"} of the coordinate ${name} is absent; every value of a ` +
            'coordinate is needed (a store that leaves out chunks of the fill value says so: absent: "fill")',
          { ...place, chunk: coords.join(".") },
        );
      }
      values ??= typeof fill === "bigint" ? new BigInt64Array(length) : new Float64Array(length);
      (values as Float64Array).fill((fill ?? 0) as number, start, stop);
      return;
    }
    const kind = chunk.values.constructor as new (size: number) => StoredValues;
    values ??= new kind(length);
    (values as Float64Array).set(chunk.values.subarray(0, stop - start) as Float64Array, start);
  };
  if (count >= many) {
    warning = `${address}: ${name} lies in ${count} chunks, all of which are read whenever it is opened; rechunk it`;
  }
  let next = 0;
  let failed = false;
  const oneAfterAnother = async (): Promise<void> => {
    while (next < count && !failed) {
      await part(next++).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  await allOver(Array.from({ length: Math.min(atOnce, count) }, oneAfterAnother));
  const found = {
    values: withDeclaredSign(values ?? new Float64Array(0), attributes),
    attributes,
    dataType,
    fill,
    source: address,
  };
  return { ...found, variable: name, ...(warning === undefined ? {} : { warning }) };
};
