import { EwbError } from "../model/errors.ts";
import type { OpenGrid, OpenSource } from "../model/openSource.ts";
import type { Source } from "../model/source.ts";
import type { GatheredGroup } from "./cf/glance.ts";
import { openGrid } from "./grid/openGrid.ts";
import { memoryGroup } from "./memory.ts";
import type { SourceContext } from "./storedArray.ts";
import { openStore } from "./stores/openStore.ts";
import type { Store } from "./stores/store.ts";
import { findInits, type InitRange } from "./watch/findInits.ts";
import { initPattern } from "./watch/initPattern.ts";
import { joinInits } from "./watch/joinInits.ts";
import { type Seen, seenStore } from "./watch/seenStores.ts";
import { openZarr } from "./zarr/openZarr.ts";

/** Opens sources, each address once. */
export interface SourceOpener extends AsyncDisposable {
  /** As `openSource`. Sources of one address share its store, metadata and coordinates. */
  open(source: Source): Promise<OpenSource>;
}

export interface OpenerOptions {
  /**
   * Whether stores may be written while they are read: axes are as long as they are written, whatever consolidated
   * metadata say. `seen`: where metadata, coordinates and listings come from then; default: each opener reads its own.
   */
  readonly grows?: boolean;
  readonly seen?: Seen;
  /** Of sources that have a store for each init (`{init:yyyyMMddHH}`) the inits that are wanted; default: all. */
  readonly inits?: InitRange;
}

/**
 * What a run opens its sources with: a source that is derived anew for every case, or another one over the same
 * store, asks for nothing that is known already. An address that failed is asked again. Disposing closes the stores.
 *
 * @example
 * await using opener = sourceOpener(context);
 * const [plain, derived] = await Promise.all([opener.open(hres), opener.open(derive(hres, windSpeed))]);
 */
export const sourceOpener = (
  context: SourceContext,
  { grows = false, seen, inits = {} }: OpenerOptions = {},
): SourceOpener => {
  const groups = new Map<string, Promise<GatheredGroup>>();
  const stores = new Set<Store>();
  /** Stores of one init are opened once for each source. */
  const single = new WeakMap<GatheredGroup, Map<Source, Promise<OpenGrid>>>();
  const { environment, hosts } = context;

  const storeAt = (address: string): Promise<Store> =>
    openStore(address, { ...(environment ? { environment } : {}), ...(hosts ? { hosts } : {}) });

  const openAddress = async (address: string): Promise<GatheredGroup> => {
    const own = await storeAt(address);
    const store = seen === undefined ? own : seenStore(own, address, seen);
    stores.add(store);
    try {
      return await openZarr(store, context, grows);
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

  const namesAt = async (address: string): Promise<readonly string[] | undefined> => {
    if (seen !== undefined) return seen.names(address);
    const store = await storeAt(address);
    try {
      return await store.names?.("");
    } finally {
      await store.close();
    }
  };

  const openSingle = async (source: Source, address: string): Promise<OpenGrid> => {
    const group = await groupAt(address);
    const ofGroup = single.get(group) ?? new Map<Source, Promise<OpenGrid>>();
    single.set(group, ofGroup);
    const opened = ofGroup.get(source) ?? openGrid(group, { ...source, address }, context);
    ofGroup.set(source, opened);
    opened.catch(() => ofGroup.delete(source));
    return opened;
  };

  return {
    async open(source) {
      if (source.format === "memory") return openGrid(memoryGroup(source), source, context);
      if (source.format === "stations") {
        const { openStations } = await import("./stations/openStations.ts"); // the Parquet reader, for those who need it
        return openStations(source, context);
      }
      const pattern = source.format === "zarr" ? initPattern(source.address) : undefined;
      if (pattern !== undefined) {
        const found = await findInits(pattern, namesAt, inits);
        return joinInits(source, found, (address) => openSingle(source, address));
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
