/** Reads files into one array that is used again. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface WholeFile {
  /** Bytes of a file; they last until the next one is read. */
  read(path: string): Uint8Array;
}

/** @param array makes the array */
export const wholeFile = (array = (length: number) => new Uint8Array(length)): WholeFile => {
  let held = array(1 << 22);
  return {
    read(path) {
      const file = openSync(path, "r");
      try {
        const { size } = fstatSync(file);
        if (held.length < size) held = array(2 * size);
        for (let at = 0; at < size; ) {
          const count = readSync(file, held, at, size - at, at);
          if (count === 0) throw new Error(`${path} ended at ${at} of ${size}`);
          at += count;
        }
        return held.subarray(0, size);
      } finally {
        closeSync(file);
      }
    },
  };
};
