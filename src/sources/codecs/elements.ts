import type { ElementName, ElementType } from "./elementType.ts";
import { halfToSingle } from "./half.ts";

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Whether this machine keeps the low byte first. */
export const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const arrays = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
  datetime64: BigInt64Array,
  timedelta64: BigInt64Array,
} as const satisfies Record<ElementName, unknown>;

/** Bytes of one element of what `elements` gives. */
export const decodedWidth = (type: ElementType): number => arrays[type.name].BYTES_PER_ELEMENT;

/** `length` decoded elements that lie in a buffer. */
export const elementsOf = (
  type: ElementType,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): TypedArray => new arrays[type.name](buffer as ArrayBuffer, offset, length);

export const newElements = (type: ElementType, length: number): TypedArray => new arrays[type.name](length);

/** Whether numbers are stored in the other byte order than that of this machine. */
export const isForeign = ({ bytes, bigEndian }: ElementType): boolean =>
  bytes > 1 && bigEndian === littleEndianHost;

/** A copy with the bytes of each element reversed; `width` 1, 2, 4 or 8. */
export function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = bytes.slice();
  const buffer = Buffer.from(copy.buffer, copy.byteOffset, copy.length);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
  return copy;
}

/** Stored bytes as numbers: a view where order and alignment allow it, else a copy. Float16 becomes float32. */
export function elements(bytes: Uint8Array, type: ElementType): TypedArray {
  const native = isForeign(type)
    ? swapped(bytes, type.bytes)
    : bytes.byteOffset % type.bytes === 0
      ? bytes
      : Uint8Array.prototype.slice.call(bytes);
  const length = native.length / type.bytes;
  if (type.name === "float16") {
    return halfToSingle(new Uint16Array(native.buffer, native.byteOffset, length));
  }
  return elementsOf(type, native.buffer, native.byteOffset, length);
}

/** The way back: numbers as they would be stored. `type` is none of float16. */
export function storedBytes(values: TypedArray, type: ElementType): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return isForeign(type) ? swapped(bytes, type.bytes) : bytes;
}
