/**
 * What is in a ledger, ready to be asked: the index of all units is read at once (a million in about a second), states
 * when they are wanted. What is recorded is written in the background (`writeBuffer.ts`).
 */
import { hashText } from "../../kernels/hash.ts";
import type { Ledger, LedgerRecords } from "../../model/ledger.ts";
import { dropSite } from "./dropSite.ts";
import { History } from "./history.ts";
import { hashBytes, idOf, numberOf, recordKey, recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";
import { Site, type SiteContext } from "./site.ts";
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
  const { ids, loaded, opening } = await load(ledger, folder, context, effects).catch(async (cause) => {
    await ledger.close();
    throw cause;
  });
  const sites = new Map([...ids].map(([text, id]) => [text, loaded.get(id)!]));
  const history = new History(folder, ledger, buffer, opening);

  const newSite = (text: string): Site => {
    let id = hashText(text);
    // Two texts of one hash: as good as never.
    while (loaded.has(id)) id = hashText(`${id} ${text}`);
    const site = new Site(hashBytes(id), new SiteRows(hashBytes(id), { text, targets: [] }), context);
    loaded.set(id, site);
    return site;
  };
  return {
    site: (text) => {
      const site = sites.get(text) ?? newSite(text);
      sites.set(text, site);
      return site.ask();
    },
    get waiting() {
      return buffer.bytes;
    },
    append: (row, version) => history.append(row, version),
    history: (row) => history.of(row),
    prune: (rule) => history.prune(rule),
    async forget(days) {
      await buffer.flush();
      const last = Math.max(...[...sites.values()].map(({ asked }) => asked));
      const old = [...sites].filter(([, { asked }]) => asked < last - days);
      for (const [text, site] of old) {
        sites.delete(text);
        await dropSite(ledger, site.id);
        // Not before: who asks for it meanwhile gets another id.
        loaded.delete(Buffer.from(site.id).toString("hex"));
      }
      return old.length;
    },
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

/** All sites by their ids, ids by text, the number of this opening. */
const load = async (ledger: Ledger, folder: string, context: SiteContext, effects: RecordsEffects) => {
  const { now, isWanted } = effects;
  const ids = new Map<string, string>();
  const rows = new Map<string, SiteRows>();
  for await (const [key, bytes] of ledger.iterate(recordKey("site"))) {
    const site = siteOf(bytes);
    if (isWanted?.(site.text) === false) {
      await dropSite(ledger, key.slice(1));
      continue;
    }
    ids.set(site.text, idOf(key));
    rows.set(idOf(key), new SiteRows(key.slice(1), site));
  }
  for await (const [key, bytes] of ledger.iterate(recordKey("rows"))) {
    if (rows.get(idOf(key))?.load(numberOf(key), bytes) !== true)
      throw damagedRecord(folder, recordName(key), "its site or a target of it is not there");
  }
  const loaded = new Map<string, Site>();
  for (const [id, of] of rows) {
    of.pack(context.buffer);
    loaded.set(id, new Site(hashBytes(id), of, context));
  }
  for await (const [key, bytes] of ledger.iterate(recordKey("bundleUnits")))
    loaded.get(idOf(key))?.load(numberOf(key), bytes);
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
