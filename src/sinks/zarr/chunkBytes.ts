import { endianness } from "node:os";
import { EwbError } from "../../model/errors.ts";
import { dtypes, type ZarrArray, type ZarrValues } from "./zarrArray.ts";

/**
 * One chunk as stored: little-endian, C order, whole; what lies outside the array is the fill value (0 where
 * there is none).
 *
 * @throws `InvalidValue` where the values are of another type or number than the chunk
 */
export const chunkBytes = (array: ZarrArray, coords: readonly number[], values: ZarrValues): Uint8Array => {
  const { make, bytes } = dtypes[array.dtype];
  const inside = array.chunks.map((size, d) => Math.min(size, array.shape[d]! - coords[d]! * size));
  const whole = product(array.chunks);
  const right = values instanceof make && (values.length === whole || values.length === product(inside));
  if (!right) {
    throw new EwbError(
      "InvalidValue",
      `chunk ${coords.join(".")} of "${array.name}" has ${values.length} values (${values.constructor.name}); ` +
        `expected ${array.dtype} values, ${whole} or the ${product(inside)} inside the array`,
      { variable: array.name, chunk: coords.join(".") },
    );
  }
  return littleEndian(values.length === whole ? values : padded(array, inside, values), bytes);
};

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** The part inside the array laid into a chunk of fill values, line by line. */
const padded = (array: ZarrArray, inside: readonly number[], values: ZarrValues): ZarrValues => {
  const chunk = new dtypes[array.dtype].make(product(array.chunks));
  if (array.fill !== null) chunk.fill(array.fill as never);
  const width = inside.at(-1)!;
  for (let line = 0; line * width < values.length; line++) {
    let rest = line;
    let at = 0;
    let stride = array.chunks.at(-1)!;
    for (let d = inside.length - 2; d >= 0; d--) {
      at += (rest % inside[d]!) * stride;
      rest = Math.floor(rest / inside[d]!);
      stride *= array.chunks[d]!;
    }
    chunk.set(values.subarray(line * width, (line + 1) * width) as never, at);
  }
  return chunk;
};

const littleEndian = (values: ZarrValues, itemBytes: number): Uint8Array => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (endianness() === "LE" || itemBytes === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += itemBytes) swapped.subarray(at, at + itemBytes).reverse();
  return swapped;
};
