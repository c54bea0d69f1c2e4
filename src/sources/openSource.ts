import { EwbError } from "../model/errors.ts";
import type { OpenSource } from "../model/openSource.ts";
import type { Source } from "../model/source.ts";
import { openGrid } from "./grid/openGrid.ts";
import { memoryGroup } from "./memory.ts";
import { openStations } from "./stations/openStations.ts";
import type { SourceContext } from "./storedArray.ts";
import { openStore } from "./stores/openStore.ts";
import { openZarr } from "./zarr/openZarr.ts";

/**
 * Opens a source by its format: reads and checks its metadata, no data. Throws an `EwbError` that names the store.
 *
 * @example
 * const opened = await openSource(source, context);
 * if (opened.kind === "grid") opened.grid.latitude; // degrees, as stored
 */
export const openSource = async (source: Source, context: SourceContext): Promise<OpenSource> => {
  if (source.format === "memory") return openGrid(memoryGroup(source), source, context);
  if (source.format === "stations") return openStations(source, context);
  if (source.format !== "zarr") {
    throw new EwbError(
      "Unsupported",
      `${source.name}: the format ${source.format} is not known; zarr, stations and memory are`,
      { source: source.address },
    );
  }
  const { environment, hosts } = context;
  const store = await openStore(source.address, {
    ...(environment ? { environment } : {}),
    ...(hosts ? { hosts } : {}),
  });
  try {
    const opened = await openGrid(await openZarr(store, context), source, context);
    return Object.defineProperties(
      { close: () => store.close() },
      Object.getOwnPropertyDescriptors(opened),
    ) as OpenSource;
  } catch (error) {
    await store.close();
    throw error;
  }
};
