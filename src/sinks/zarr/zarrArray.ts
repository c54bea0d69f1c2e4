/** What is written as one array of a Zarr store: its description, and a function that makes one chunk at a time. */
export type ZarrValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export type ZarrDtype = keyof typeof dtypes;

export interface ZarrArray {
  readonly name: string;
  /** One name a dimension. */
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: ZarrDtype;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** What cells that no chunk holds are; null: the store states none. */
  readonly fill: number | bigint | null;
  /**
   * The values of one chunk, C order: of the whole chunk, or of the part inside the array where it sticks out at
   * the end. `undefined`: the chunk is left out.
   */
  chunk(coords: readonly number[]): ZarrValues | undefined | Promise<ZarrValues | undefined>;
}

/** Names of the types: in Zarr v2 (little-endian), bytes an item. The keys are those of Zarr v3. */
export const dtypes = {
  float32: { v2: "<f4", bytes: 4, make: Float32Array },
  float64: { v2: "<f8", bytes: 8, make: Float64Array },
  int8: { v2: "|i1", bytes: 1, make: Int8Array },
  uint8: { v2: "|u1", bytes: 1, make: Uint8Array },
  int16: { v2: "<i2", bytes: 2, make: Int16Array },
  uint16: { v2: "<u2", bytes: 2, make: Uint16Array },
  int32: { v2: "<i4", bytes: 4, make: Int32Array },
  uint32: { v2: "<u4", bytes: 4, make: Uint32Array },
  int64: { v2: "<i8", bytes: 8, make: BigInt64Array },
  uint64: { v2: "<u8", bytes: 8, make: BigUint64Array },
} as const;

/** An array that is one chunk and in memory, as coordinates are. */
export const wholeArray = (
  array: Omit<ZarrArray, "chunks" | "chunk" | "fill"> & {
    readonly fill?: number | bigint;
    readonly values: ZarrValues;
  },
): ZarrArray => {
  const { values, fill = null, ...rest } = array;
  return { ...rest, fill, chunks: array.shape.map((size) => Math.max(size, 1)), chunk: () => values };
};
