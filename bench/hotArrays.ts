/** Arrays in an arena, as the pooled ones of a run are: kernels work on them where they lie. */
import { newArena } from "../src/kernels/wasm/arena.ts";

/** @param bytes of all of them */
export const hotArrays = (bytes: number): ((length: number) => Uint8Array<ArrayBuffer>) => {
  const arena = newArena(bytes);
  return (length) => {
    const at = arena?.take(Math.ceil(length / 4096) * 4096, bytes);
    return at === undefined
      ? new Uint8Array(length)
      : new Uint8Array(arena!.buffer as unknown as ArrayBuffer, at, length);
  };
};
