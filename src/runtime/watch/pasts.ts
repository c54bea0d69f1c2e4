import type { Ledger } from "../../model/ledger.ts";
import { idOf, recordKey } from "../ledger/keys.ts";

/** How many versions a ledger has of each row that has a past, by the row's key. */
export const pastsOf = async (ledger: Ledger): Promise<ReadonlyMap<string, number>> => {
  const pasts = new Map<string, number>();
  for await (const [key] of ledger.iterate(recordKey("version")))
    pasts.set(idOf(key), (pasts.get(idOf(key)) ?? 0) + 1);
  return pasts;
};
