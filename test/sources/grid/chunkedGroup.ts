import { EwbError } from "../../../src/model/errors.ts";
import type { StoredArray, StoredGroup, StoredValues } from "../../../src/sources/storedArray.ts";

export interface Chunked {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly chunkShape?: readonly number[];
  readonly values: StoredValues;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly dataType?: string;
  readonly fill?: number | bigint | null;
  readonly fillIsMissing?: boolean;
  /** Keys of chunks that are not there. */
  readonly absent?: readonly string[];
}

const product = (lengths: readonly number[]) => lengths.reduce((a, b) => a * b, 1);

/** A chunk of an array in C order, edges padded with 77. */
const cutChunk = ({ shape, values }: Chunked, chunkShape: readonly number[], coords: readonly number[]) => {
  const size = product(chunkShape);
  const out = new (values.constructor as new (size: number) => StoredValues)(size);
  (out as Float64Array).fill((typeof values[0] === "bigint" ? 77n : 77) as number);
  for (let i = 0; i < size; i++) {
    let rest = i;
    let index = 0;
    let inside = true;
    const at = new Array<number>(shape.length);
    for (let d = shape.length - 1; d >= 0; d--) {
      at[d] = (rest % chunkShape[d]!) + coords[d]! * chunkShape[d]!;
      rest = Math.floor(rest / chunkShape[d]!);
    }
    for (let d = 0; d < shape.length; d++) {
      if (at[d]! >= shape[d]!) inside = false;
      index = index * shape[d]! + at[d]!;
    }
    if (inside) out[i] = values[index] as never;
  }
  return out;
};

/** A group of arrays cut in chunks, in memory. */
export const chunkedGroup = (
  arrays: Readonly<Record<string, Chunked>>,
  attributes: Readonly<Record<string, unknown>> = {},
): StoredGroup => ({
  address: "test-store",
  attributes,
  names: Object.keys(arrays).sort(),
  warnings: [],
  async array(name): Promise<StoredArray> {
    const found = arrays[name];
    if (!found) throw new EwbError("NotFound", `no array ${name}`);
    const chunkShape = found.chunkShape ?? found.shape.map((length) => Math.max(1, length));
    const bytes = product(chunkShape) * found.values.BYTES_PER_ELEMENT;
    return {
      name,
      shape: found.shape,
      chunkShape,
      dims: found.dims,
      attributes: found.attributes ?? {},
      dataType: found.dataType ?? found.values.constructor.name.replace("Array", "").toLowerCase(),
      fill: found.fill ?? null,
      ...(found.fillIsMissing === undefined ? {} : { fillIsMissing: found.fillIsMissing }),
      chunkBytes: bytes,
      encodedBytes: 10,
      chunkId: (coords) => `test-store/${name}/${coords.join(".")}`,
      async chunk(coords) {
        if (found.absent?.includes(coords.join("."))) return undefined;
        return { values: cutChunk(found, chunkShape, coords), version: `v${coords.join(".")}` };
      },
    };
  },
});

/** A coordinate of one dimension. */
export const along = (
  dim: string,
  values: readonly number[],
  attributes: Readonly<Record<string, unknown>> = {},
): Chunked => ({ dims: [dim], shape: [values.length], values: Float64Array.from(values), attributes });

export const hoursSince = { units: "hours since 2020-01-01" };
export const hours = (...list: number[]) => list.map((hour) => Date.UTC(2020, 0, 1, hour));
