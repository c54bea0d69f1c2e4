import { EwbError } from "../../model/errors.ts";
import { type ArrayDocument, MetadataFault } from "./arrayMetadata.ts";
import type { Documents } from "./documents.ts";
import { attributesOf, type Hierarchy } from "./hierarchy.ts";
import { checkUnderstood, metadataV3 } from "./metadataV3.ts";
import { isObject, type JsonObject } from "./parseJson.ts";

/** A Zarr 3 group, with the consolidated metadata inside its `zarr.json` where there are any. */
export function hierarchyV3(documents: Documents, address: string, group: JsonObject): Hierarchy {
  checkGroup(group, address);
  const consolidated = consolidatedOf(group);
  return {
    attributes: attributesOf(group.attributes),
    consolidated,
    consolidatedFile: "zarr.json",
    ownFile: (name) => `${name}/zarr.json`,
    async own(name) {
      const meta = await documents.probe(`${name}/zarr.json`);
      return meta === undefined || meta === "refused" ? meta : documentOf(meta);
    },
    isArray: async (name) =>
      documents.read(`${name}/zarr.json`).then(
        (meta) => meta !== undefined && meta.node_type !== "group",
        () => true,
      ),
    check: metadataV3,
  };
}

const documentOf = (meta: JsonObject): ArrayDocument => ({ meta, attributes: attributesOf(meta.attributes) });

function checkGroup(group: JsonObject, address: string): void {
  try {
    if (group.zarr_format !== 3) {
      throw new MetadataFault("zarr_format", group.zarr_format, "2 or 3", "Unsupported");
    }
    if (group.node_type !== "group") {
      throw new MetadataFault("node_type", group.node_type, "group (give the address of the group)");
    }
    checkUnderstood(group);
  } catch (error) {
    if (!(error instanceof MetadataFault)) throw error;
    throw new EwbError(error.tag, `${address}: zarr.json: ${error.message}`, { source: address });
  }
}

function consolidatedOf(group: JsonObject): ReadonlyMap<string, ArrayDocument> | undefined {
  const inline = group.consolidated_metadata;
  if (!isObject(inline) || !isObject(inline.metadata)) return undefined;
  const arrays = new Map<string, ArrayDocument>();
  for (const [name, meta] of Object.entries(inline.metadata)) {
    if (isObject(meta) && meta.node_type !== "group") arrays.set(name, documentOf(meta));
  }
  return arrays;
}
