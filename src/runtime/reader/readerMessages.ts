/** What a thread and its reader say to each other. */
import type { Memory } from "../../kernels/wasm/engine.ts";
import type { BloscRun } from "../../sources/codecs/bloscRun.ts";
import type { FarAnswer, FarArray, FarChunk } from "../../sources/storedArray.ts";

export type ToReader =
  | {
      readonly type: "read";
      readonly id: number;
      /** Number of the array; what it is comes with the first chunk of it. */
      readonly array: number;
      readonly opened?: FarArray;
      /** Number of the arena; what it is comes with the first chunk in it. */
      readonly arena: number;
      readonly memory?: Memory;
      readonly coords: FarChunk["coords"];
      readonly part: FarChunk["part"];
      /** Where in the arena the elements belong. */
      readonly at: number;
      readonly bytes: number;
    }
  | {
      readonly type: "decode";
      readonly id: number;
      readonly arena: number;
      readonly memory?: Memory;
      /** Without what lies in the arena. */
      readonly run: Omit<BloscRun, "encoded" | "wanted">;
      readonly encoded: Place;
      readonly wanted: readonly (Pick<BloscRun["wanted"][number], "spans"> & Place)[];
    }
  /** An arena is used no more: no chunk is under way in it. */
  | { readonly type: "forget"; readonly arena: number };

/** Bytes of the arena. */
interface Place {
  readonly at: number;
  readonly bytes: number;
}

/** `ready`: it has loaded. */
export type FromReader =
  | { readonly type: "ready" }
  | { readonly type: "decode"; readonly id: number; readonly finite: boolean | undefined }
  | { readonly type: "read"; readonly id: number; readonly answer: FarAnswer };
