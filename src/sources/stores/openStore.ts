import { folderStore } from "./folderStore.ts";
import type { Hosts, HostsOptions } from "./hosts.ts";
import { httpStore } from "./httpStore.ts";
import { locate } from "./locate.ts";
import type { Retry } from "./retrying.ts";
import type { Store } from "./store.ts";

export interface StoreOptions extends HostsOptions {
  /** Environment variables that say where buckets are. Absent: public addresses. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Headers for the address's own host, e.g. `authorization`; never sent to another one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Connections and limits that stores share, closed by whoever made them; default: the store has its own. */
  readonly hosts?: Hosts;
  readonly retry?: Partial<Retry>;
}

/**
 * Opens a folder or a web address for reading; see `locate` for the addresses there are. A folder must be there; of
 * a web address nothing is asked yet. Throws `StoreRead`.
 *
 * @example
 * await using store = await openStore("gs://bucket/era5.zarr");
 * const object = await store.get("t2m/.zarray");
 */
export async function openStore(address: string, options: StoreOptions = {}): Promise<Store> {
  const place = locate(address, options.environment);
  return place.kind === "folder" ? folderStore(place.address, place.path) : httpStore(place, options);
}
