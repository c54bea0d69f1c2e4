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
  /** An arena is used no more; `isLast`: the one that came last, of which no chunk is under way. */
  | { readonly type: "forget"; readonly isLast: boolean };

/** `ready`: it has loaded. */
export type FromReader =
  | { readonly type: "ready" }
  | { readonly type: "read"; readonly id: number; readonly answer: FarAnswer };
