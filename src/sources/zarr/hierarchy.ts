import type { ArrayDocument, ArrayMetadata } from "./arrayMetadata.ts";
import type { JsonObject } from "./parseJson.ts";

/**
 * What the two versions of the format do differently: where the documents of a group and its arrays are. One value a
 * version; `zarrGroup` makes a `StoredGroup` of either.
 */
export interface Hierarchy {
  readonly attributes: JsonObject;
  /** Arrays the consolidated metadata list right below the group; undefined: there are no consolidated metadata. */
  readonly consolidated: ReadonlyMap<string, ArrayDocument> | undefined;
  /** The file that holds the consolidated metadata. */
  readonly consolidatedFile: string;
  /** The file an array's own metadata are in. */
  ownFile(name: string): string;
  /** An array's own metadata; `"refused"`: the store does not say whether there are any (403). */
  own(name: string): Promise<ArrayDocument | "refused" | undefined>;
  /** Whether a folder is an array's, for listing; one whose metadata are damaged counts, so that it can say so. */
  isArray(name: string): Promise<boolean>;
  check(document: ArrayDocument): ArrayMetadata;
}

export const attributesOf = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null ? (value as JsonObject) : {};
