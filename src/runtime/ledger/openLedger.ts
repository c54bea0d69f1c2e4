/**
 * Opens the ledger of a folder: `db` (the database), `owner.json`, `backup-N` (before a migration). One process has it
 * at a time. What is in it: `openRecords.ts`.
 */
import { join } from "node:path";
import { isEwbError } from "../../model/errors.ts";
import type { Ledger } from "../../model/ledger.ts";
import { makeFolder } from "../machine/makeFolder.ts";
import type { System } from "../machine/system.ts";
import { withChecksums } from "./checksums.ts";
import { ledgerError } from "./ledgerError.ts";
import { openLevel } from "./level.ts";
import { isThere, ownedBy, readOwner, removeOwner, startOf, writeOwner } from "./owner.ts";
import { openInVersion, type Schema, schema } from "./schema.ts";

export interface LedgerEffects {
  readonly system: Pick<System, "pid" | "read">;
  /** Name of this machine. */
  readonly host: string;
  /** Milliseconds UTC. */
  readonly now: () => number;
  readonly schema?: Schema;
  /** Opens the database of a folder; LevelDB unless given. */
  readonly openDatabase?: (folder: string) => Promise<Ledger>;
}

/**
 * @throws `LedgerOwned`, `LedgerReadOnly`, `LedgerFull`, `LedgerCorrupt`, `LedgerNewer`
 * @example const ledger = await openLedger("out/ledger", { system: thisSystem(), host: hostname(), now: Date.now });
 */
export const openLedger = async (folder: string, effects: LedgerEffects): Promise<Ledger> => {
  const { system, host, now, openDatabase = openLevel } = effects;
  const database = join(folder, "db");
  try {
    makeFolder(database);
    const owner = await readOwner(folder);
    if (owner !== undefined && isThere(owner, system, host)) throw ownedBy(folder, owner);
    const ledger = await openInVersion(folder, effects.schema ?? schema, async () =>
      withChecksums(await openDatabase(database), folder),
    );
    const started = startOf(system, system.pid);
    try {
      await writeOwner(folder, { pid: system.pid, host, since: new Date(now()).toISOString(), started });
    } catch (cause) {
      await ledger.close();
      throw cause;
    }
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      // First and once, so that it is never another's.
      await removeOwner(folder).catch(() => {});
      await ledger.close();
    };
    return {
      ...ledger,
      close: () => {
        closed ??= close();
        return closed;
      },
    };
  } catch (cause) {
    if (isEwbError(cause, "LedgerOwned")) throw ownedBy(folder, await readOwner(folder), cause);
    throw ledgerError(folder, "open", cause);
  }
};
