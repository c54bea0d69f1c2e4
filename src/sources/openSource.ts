import { EwbError } from "../model/errors.ts";
import type { OpenSource } from "../model/openSource.ts";
import type { Source } from "../model/source.ts";
import type { GatheredGroup } from "./cf/glance.ts";
import { openGrid } from "./grid/openGrid.ts";
import { memoryGroup } from "./memory.ts";
import type { SourceContext } from "./storedArray.ts";
import { openStore } from "./stores/openStore.ts";
import type { Store } from "./stores/store.ts";
import { openZarr } from "./zarr/openZarr.ts";

/** Opens sources, each address once. */
export interface SourceOpener extends AsyncDisposable {
  /** As `openSource`. Sources of one address share its store, metadata and coordinates. */
  open(source: Source): Promise<OpenSource>;
}

/**
 * What a run opens its sources with: a source that is derived anew for every case, or another one over the same
 * store, asks for nothing that is known already. An address that failed is asked again. Disposing closes the stores.
 *
 * @example
 * await using opener = sourceOpener(context);
 * const [plain, derived] = await Promise.all([opener.open(hres), opener.open(derive(hres, windSpeed))]);
 */
export const sourceOpener = (context: SourceContext): SourceOpener => {
  const groups = new Map<string, Promise<GatheredGroup>>();
  const stores = new Set<Store>();
  const { environment, hosts } = context;

  const openAddress = async (address: string): Promise<GatheredGroup> => {
    const store = await openStore(address, {
      ...(environment ? { environment } : {}),
      ...(hosts ? { hosts } : {}),
    });
    stores.add(store);
    try {
      return await openZarr(store, context);
    } catch (error) {
      stores.delete(store);
      await store.close();
      throw error;
    }
  };

  const groupAt = (address: string): Promise<GatheredGroup> => {
    let group = groups.get(address);
    if (group === undefined) {
      group = openAddress(address);
      groups.set(address, group);
      group.catch(() => groups.delete(address));
    }
    return group;
  };

  return {
    async open(source) {
      if (source.format === "memory") return openGrid(memoryGroup(source), source, context);
      if (source.format === "stations") {
        const { openStations } = await import("./stations/openStations.ts"); // the Parquet reader, for those who need it
        return openStations(source, context);
      }
      if (source.format === "zarr") return openGrid(await groupAt(source.address), source, context);
      throw new EwbError(
        "Unsupported",
        `${source.name}: the format ${source.format} is not known; zarr, stations and memory are`,
        { source: source.address },
      );
    },
    async [Symbol.asyncDispose]() {
      groups.clear();
      await Promise.all([...stores].map((store) => store.close()));
    },
  };
};

/**
 * Opens a source by its format: reads and checks its metadata, no data. Its `close` closes the store. Throws an
 * `EwbError` that names the store.
 *
 * @example
 * const opened = await openSource(source, context);
 * if (opened.kind === "grid") opened.grid.latitude; // degrees, as stored
 */
export const openSource = async (source: Source, context: SourceContext): Promise<OpenSource> => {
  const opener = sourceOpener(context);
  const close = () => opener[Symbol.asyncDispose]();
  try {
    const opened = await opener.open(source);
    return Object.defineProperties({ close }, Object.getOwnPropertyDescriptors(opened)) as OpenSource;
  } catch (error) {
    await close();
    throw error;
  }
};
