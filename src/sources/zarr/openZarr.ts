import { EwbError } from "../../model/errors.ts";
import type { SourceContext, StoredGroup } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import { documents } from "./documents.ts";
import { hierarchyV2 } from "./hierarchyV2.ts";
import { hierarchyV3 } from "./hierarchyV3.ts";
import type { JsonObject } from "./parseJson.ts";
import { zarrGroup } from "./zarrGroup.ts";

/**
 * Opens the Zarr group (version 2 or 3) at the address of a store; a group inside another one has an address of its
 * own. Metadata are read by our own strict readers, since a wrong reading of them is wrong data; chunks are decoded
 * by `codecs/`. Throws `NotFound` where there is no group, `MetadataInvalid`, `Unsupported`, `StoreRead`.
 *
 * Consolidated metadata save requests, but may be stale: those of an array that is opened are compared with its own
 * (one small request each, over HTTP too; the own attributes of version 2 are read of a folder only).
 *
 * @example
 * const group = await openZarr(await openStore("era5.zarr"), context);
 * const chunk = await (await group.array("t2m")).chunk([0, 0, 0], {});
 */
export async function openZarr(store: Store, context: SourceContext): Promise<StoredGroup> {
  const files = documents(store, (bytes, requests) => context.count(bytes, requests));
  const [zarr, zmetadata] = await Promise.all([files.probe("zarr.json"), files.probe(".zmetadata")]);
  const warnings: string[] = [];
  if (typeof zarr === "object") {
    if (typeof zmetadata === "object") {
      warnings.push(`${store.address}: zarr.json and .zmetadata found; version 3 is read`);
    }
    return zarrGroup(store, context, hierarchyV3(files, store.address, zarr), warnings);
  }
  const consolidated = objectOf(zmetadata);
  const zgroup = consolidated === undefined ? await files.probe(".zgroup") : undefined;
  const group = { zmetadata: consolidated, zgroup: objectOf(zgroup) };
  if (group.zmetadata === undefined && group.zgroup === undefined) {
    const refused = [zarr, zmetadata, zgroup].includes("refused");
    const message = refused
      ? "zarr.json, .zmetadata and .zgroup refused (403): nothing there, or reading is not allowed"
      : "no zarr.json, .zmetadata or .zgroup found, a Zarr group expected; check the address";
    throw new EwbError(refused ? "StoreRead" : "NotFound", `${store.address}: ${message}`, {
      source: store.address,
    });
  }
  const own = store.list !== undefined;
  return zarrGroup(store, context, await hierarchyV2(files, store.address, group, own), warnings);
}

const objectOf = (document: JsonObject | "refused" | undefined) =>
  typeof document === "object" ? document : undefined;
