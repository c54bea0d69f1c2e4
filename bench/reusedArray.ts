import type { Buffers } from "../src/model/memory.ts";

/** An array that is used again. */
export const reusedArray = (length: number): Buffers => {
  const out = new Uint8Array(length);
  return { take: (size: number) => out.subarray(0, size), give() {} };
};
