/**
 * What is in a ledger, ready to be asked: the index of all units is read at once (a million in about a second), states
 * when they are wanted. What is recorded is written in the background (`writeBuffer.ts`).
 */
import { hashText } from "../../kernels/hash.ts";
import type { Ledger, LedgerRecords } from "../../model/ledger.ts";
import { dropSite } from "./dropSite.ts";
import { History } from "./history.ts";
import { hashBytes, idOf, recordKey, recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";
import { Site } from "./site.ts";
import { SiteRows, siteOf } from "./siteRows.ts";
import { type BufferEffects, WriteBuffer } from "./writeBuffer.ts";

export interface RecordsEffects extends BufferEffects {
  /** Milliseconds UTC. */
  readonly now: () => number;
  /** Whether a site may still be asked for; what is kept of the others is removed. Absent: all may. */
  readonly isWanted?: (key: string) => boolean;
}

/**
 * @param ledger closed with what this gives, and where this fails
 * @param folder what errors name
 * @example const records = await openRecords(await openLedger(folder, effects), folder, { now, after, failed });
 */
export const openRecords = async (
  ledger: Ledger,
  folder: string,
  effects: RecordsEffects,
): Promise<LedgerRecords> => {
  const buffer = new WriteBuffer(ledger, effects);
  const context = { folder, buffer, now: effects.now };
  const { ids, loaded, opening } = await load(ledger, folder, effects).catch(async (cause) => {
    await ledger.close();
    throw cause;
  });
  for (const rows of loaded.values()) rows.pack(buffer);
  const sites = new Map(
    [...ids].map(([text, id]) => [text, new Site(hashBytes(id), loaded.get(id)!, context)]),
  );
  const history = new History(folder, ledger, buffer, opening);

  const newSite = (text: string): Site => {
    let id = hashText(text);
    // Two texts of one hash: as good as never.
    while (loaded.has(id)) id = hashText(`${id} ${text}`);
    const rows = new SiteRows(hashBytes(id), text, []);
    loaded.set(id, rows);
    return new Site(hashBytes(id), rows, context);
  };
  return {
    site: (text) => {
      const site = sites.get(text) ?? newSite(text);
      sites.set(text, site);
      return site;
    },
    get waiting() {
      return buffer.bytes;
    },
    append: (row, version) => history.append(row, version),
    history: (row) => history.of(row),
    prune: (rule) => history.prune(rule),
    flush: () => buffer.flush(),
    close: async () => {
      try {
        await buffer.flush();
      } finally {
        await ledger.close();
      }
    },
  };
};

/** Units of all sites by the sites' ids, ids by text, the number of this opening. */
const load = async (ledger: Ledger, folder: string, { now, isWanted }: RecordsEffects) => {
  const ids = new Map<string, string>();
  const loaded = new Map<string, SiteRows>();
  for await (const [key, bytes] of ledger.iterate(recordKey("site"))) {
    const { text, targets } = siteOf(bytes);
    if (isWanted?.(text) === false) {
      await dropSite(ledger, key.slice(1));
      continue;
    }
    ids.set(text, idOf(key));
    loaded.set(idOf(key), new SiteRows(key.slice(1), text, targets));
  }
  for await (const [key, bytes] of ledger.iterate(recordKey("rows"))) {
    const number = new DataView(key.buffer, key.byteOffset + 9).getUint32(0);
    if (loaded.get(idOf(key))?.load(number, bytes) !== true)
      throw damagedRecord(folder, recordName(key), "its site or a target of it is not there");
  }
  return { ids, loaded, opening: await nextOpening(ledger, now()) };
};

/** A number that grows with each opening; with the clock, too, should its record be lost. */
const nextOpening = async (ledger: Ledger, now: number): Promise<number> => {
  const key = recordKey("openings");
  const before = await ledger.get(key);
  const last = before === undefined ? 0 : new DataView(before.buffer, before.byteOffset).getUint32(0);
  const opening = Math.max(last + 1, Math.floor(now / 1000));
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, opening);
  await ledger.batch([{ key, value }]);
  return opening;
};
