import type { StoredArray } from "../storedArray.ts";
import { orAborted } from "./orAborted.ts";

/**
 * An array of gathered metadata whose own are compared with its first read, in the same round trip: no chunk comes
 * out before `compare` is done, and none where it throws.
 */
export const agreeingArray = (array: StoredArray, compare: () => Promise<unknown>): StoredArray => {
  let comparing: Promise<unknown> | undefined;
  let agreed = false;
  const agree = async () => {
    try {
      await compare();
      agreed = true;
    } catch (error) {
      comparing = undefined;
      throw error;
    }
  };
  return {
    ...array,
    async chunk(coords, options) {
      if (agreed) return array.chunk(coords, options);
      comparing ??= agree();
      const [read, compared] = await Promise.allSettled([
        array.chunk(coords, options),
        orAborted(comparing, options.signal),
      ]);
      if (compared.status === "fulfilled") {
        if (read.status === "rejected") throw read.reason;
        return read.value;
      }
      if (read.status === "fulfilled" && read.value?.buffer) options.buffers?.give(read.value.buffer);
      throw compared.reason;
    },
  };
};
