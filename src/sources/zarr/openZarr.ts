import { EwbError } from "../../model/errors.ts";
import type { GatheredGroup } from "../cf/glance.ts";
import type { SourceContext } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import { documents } from "./documents.ts";
import { type GroupV2, hierarchyV2 } from "./hierarchyV2.ts";
import { hierarchyV3 } from "./hierarchyV3.ts";
import { zarrGroup } from "./zarrGroup.ts";

/**
 * Opens the Zarr group (version 2 or 3) at the address of a store; a group inside another one has an address of its
 * own. Metadata are read by our own strict readers, since a wrong reading of them is wrong data; chunks are decoded
 * by `codecs/`. Throws `NotFound` where there is no group, `MetadataInvalid`, `Unsupported`, `StoreRead`.
 *
 * Round trips: both places of consolidated metadata are asked for at once, and where there are none of version 2 the
 * group's own documents at once. How consolidated metadata are told from stale ones: see `zarrGroup`.
 *
 * @param grows whether the store is written while it is read: see `zarrGroup`
 * @example
 * const group = await openZarr(await openStore("era5.zarr"), context);
 * const chunk = await (await group.array("t2m")).chunk([0, 0, 0], {});
 */
export async function openZarr(store: Store, context: SourceContext, grows = false): Promise<GatheredGroup> {
  const files = documents(store, (bytes, requests) => context.count(bytes, requests));
  const [zarr, zmetadata] = await Promise.all([files.probe("zarr.json"), files.probe(".zmetadata")]);
  const warnings: string[] = [];
  if (typeof zarr === "object") {
    if (typeof zmetadata === "object") {
      warnings.push(`${store.address}: zarr.json and .zmetadata found; version 3 is read`);
    }
    return zarrGroup(store, context, hierarchyV3(files, store.address, zarr), warnings, grows);
  }
  const documentsOf = async (): Promise<GroupV2> => {
    if (typeof zmetadata === "object") return { zmetadata };
    const [zgroup, zattrs] = await Promise.all([files.probe(".zgroup"), files.probe(".zattrs")]);
    if (typeof zgroup === "object") return { zgroup, zattrs: typeof zattrs === "object" ? zattrs : {} };
    const refused = [zarr, zmetadata, zgroup].includes("refused");
    const message = refused
      ? "zarr.json, .zmetadata and .zgroup refused (403): nothing there, or reading is not allowed"
      : "no zarr.json, .zmetadata or .zgroup found, a Zarr group expected; check the address";
    throw new EwbError(refused ? "StoreRead" : "NotFound", `${store.address}: ${message}`, {
      source: store.address,
    });
  };
  const own = store.list !== undefined;
  return zarrGroup(
    store,
    context,
    hierarchyV2(files, store.address, await documentsOf(), own),
    warnings,
    grows,
  );
}
