import type { Ledger } from "../../model/ledger.ts";
import { recordKey } from "./keys.ts";

/** Records removed at once. */
const atOnce = 10_000;

/** Removes all records of a site; the one that names it last, so that what a kill leaves is removed the next time. */
export const dropSite = async (ledger: Ledger, id: Uint8Array): Promise<void> => {
  for (const kind of ["bundleUnits", "bundle", "states", "rows", "site"] as const) {
    let keys: Uint8Array[] = [];
    const remove = () => ledger.batch(keys.map((key) => ({ key, value: undefined })));
    for await (const [key] of ledger.iterate(recordKey(kind, id))) {
      keys.push(key);
      if (keys.length < atOnce) continue;
      await remove();
      keys = [];
    }
    await remove();
  }
};
