import { EwbError } from "../../model/errors.ts";
import { type ArrayDocument, MetadataFault, shownValue } from "./arrayMetadata.ts";
import type { Documents } from "./documents.ts";
import { attributesOf, type Hierarchy } from "./hierarchy.ts";
import { metadataV2 } from "./metadataV2.ts";
import { isObject, type JsonObject } from "./parseJson.ts";

/** Documents of a group: the consolidated ones, or its own two. */
export type GroupV2 =
  | { readonly zmetadata: JsonObject; readonly zgroup?: never; readonly zattrs?: never }
  | { readonly zmetadata?: never; readonly zgroup: JsonObject; readonly zattrs: JsonObject };

/**
 * A Zarr 2 group. With consolidated metadata (`.zmetadata`) the attributes of arrays come from there where the store
 * cannot list (an array's own metadata are then one small request, `.zarray`), else from the arrays' own `.zattrs`.
 */
export function hierarchyV2(
  documents: Documents,
  address: string,
  group: GroupV2,
  readAttributes: boolean,
): Hierarchy {
  const all = group.zmetadata && consolidatedDocuments(group.zmetadata, address);
  const zgroup = all === undefined ? group.zgroup : all[".zgroup"];
  if (isObject(zgroup) && zgroup.zarr_format !== 2) {
    const fault = new MetadataFault("zarr_format", zgroup.zarr_format, "2 or 3", "Unsupported");
    throw new EwbError(fault.tag, `${address}: .zgroup: ${fault.message}`, { source: address });
  }
  const consolidated = all && arraysOf(all);
  const zattrs = async (folder: string): Promise<JsonObject> => {
    const found = await documents.probe(`${folder}/.zattrs`);
    return attributesOf(found === "refused" ? undefined : found);
  };
  return {
    attributes: group.zattrs ?? attributesOf(all?.[".zattrs"]),
    consolidated,
    consolidatedFile: ".zmetadata",
    ownFile: (name) => `${name}/.zarray`,
    async own(name) {
      const known = readAttributes ? undefined : consolidated?.get(name)?.attributes;
      const ahead = readAttributes ? zattrs(name) : undefined;
      ahead?.catch(() => {});
      const meta = await documents.probe(`${name}/.zarray`);
      if (meta === undefined || meta === "refused") return meta;
      // Over the web most names that are asked for are guesses: attributes of an absent array are a request too many.
      return { meta, attributes: known ?? (await (ahead ?? zattrs(name))) };
    },
    isArray: async (name) =>
      documents.read(`${name}/.zarray`).then(
        (meta) => meta !== undefined,
        () => true,
      ),
    check: metadataV2,
  };
}

function consolidatedDocuments(zmetadata: JsonObject, address: string): JsonObject {
  const { zarr_consolidated_format: format, metadata } = zmetadata;
  if (format === 1 && isObject(metadata)) return metadata;
  const found =
    format === 1 ? `metadata ${shownValue(metadata)}` : `zarr_consolidated_format ${shownValue(format)}`;
  const message = `${address}: .zmetadata: ${found} found, format 1 with metadata expected; consolidate it again`;
  throw new EwbError("MetadataInvalid", message, { source: address });
}

function arraysOf(all: JsonObject): ReadonlyMap<string, ArrayDocument> {
  const arrays = new Map<string, ArrayDocument>();
  for (const [key, meta] of Object.entries(all)) {
    if (!key.endsWith("/.zarray")) continue;
    const name = key.slice(0, -"/.zarray".length);
    const attributes = attributesOf(Object.hasOwn(all, `${name}/.zattrs`) ? all[`${name}/.zattrs`] : {});
    arrays.set(name, { meta: attributesOf(meta), attributes });
  }
  return arrays;
}
