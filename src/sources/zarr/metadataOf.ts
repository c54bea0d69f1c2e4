import type { ArrayDocument, ArrayMetadata } from "./arrayMetadata.ts";
import { metadataV2 } from "./metadataV2.ts";
import { metadataV3 } from "./metadataV3.ts";

/** Checks an array's documents, whichever version of the format they are of. Throws as `metadataV2` and `metadataV3`. */
export const metadataOf = (document: ArrayDocument): ArrayMetadata =>
  document.meta.zarr_format === 3 ? metadataV3(document) : metadataV2(document);
