import type { Buffers } from "../../model/memory.ts";
import type { TypedArray } from "../codecs/elements.ts";
import { liesIn, type Seen } from "../codecs/step.ts";
import type { StoredChunk } from "../storedArray.ts";

/** The numbers that `decode` makes of `bytes`, which are given back unless the numbers lie in them, and what was `seen`. */
export const storedChunk = (
  bytes: Uint8Array,
  version: string,
  buffers: Buffers,
  seen: Seen,
  decode: () => TypedArray,
): StoredChunk => {
  let values: TypedArray | undefined;
  try {
    values = decode();
  } finally {
    if (!liesIn(values, bytes)) buffers.give(bytes);
  }
  const buffer = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { values, version, buffer, ...seen };
};
