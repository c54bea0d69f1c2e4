/** What a thread and its reader say to each other. */
import type { Memory } from "../../kernels/wasm/engine.ts";
import type { FarAnswer, FarArray, FarChunk } from "../../sources/storedArray.ts";

export type ToReader =
  | {
      readonly type: "read";
      readonly id: number;
      /** Number of the array; what it is comes with the first chunk of it. */
      readonly array: number;
      readonly opened?: FarArray;
      /** The arena, where it is another one than that of the last chunk. */
      readonly memory?: Memory;
      readonly coords: FarChunk["coords"];
      readonly part: FarChunk["part"];
      /** Where in the arena the elements belong. */
      readonly at: number;
      readonly bytes: number;
    }
  /** No chunk is under way, and the arena is used no more. */
  | { readonly type: "forget" };

/** `ready`: it has loaded. Without an answer the chunk was not read. */
export type FromReader =
  | { readonly type: "ready" }
  | { readonly type: "read"; readonly id: number; readonly answer?: FarAnswer };
