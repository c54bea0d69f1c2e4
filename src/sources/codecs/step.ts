import type { Buffers } from "../../model/memory.ts";
import type { Size } from "./size.ts";

/** What a codec sees of the array it encodes: the shape, and the bytes of one element. */
export interface Stage {
  readonly shape: readonly number[];
  readonly width: number;
}

/** What comes to light while a chunk is decoded. */
export interface Seen {
  /** All elements are float32, were looked at, and none is infinite; absent: nobody knows. */
  finite?: true;
}

/**
 * One codec of a chain, its configuration read and checked. Steps are made in the order of encoding and run backwards:
 * `encodedSize` tells how many bytes the codec makes of a chunk, so that every length is known before a byte is read.
 */
export interface Step {
  readonly name: string;
  readonly encodedSize: (decoded: Size) => Size;
  /**
   * `size` is what must come out. The result may be a view of `encoded`, or be taken of `buffers`. `seen` is given where it
   * is the bytes of float32 as this machine keeps them.
   */
  readonly decode: (encoded: Uint8Array, size: Size, buffers: Buffers, seen?: Seen) => Uint8Array;
  /** What the next codec sees, where that is something else. */
  readonly after?: Stage;
  /** Whether it leaves all bytes as they are. */
  readonly isIdentity?: boolean;
}

/** Buffers that nobody uses again. */
export const fresh: Buffers = { take: (bytes) => new Uint8Array(bytes), give() {} };

/** Whether `values` lie in `array`: two arrays of one block of memory need not be the same. */
export const liesIn = (values: ArrayBufferView | undefined, array: Uint8Array): boolean =>
  values !== undefined &&
  values.buffer === array.buffer &&
  values.byteOffset >= array.byteOffset &&
  values.byteOffset < array.byteOffset + Math.max(1, array.byteLength);

export const sameSize = (size: Size): Size => size;
