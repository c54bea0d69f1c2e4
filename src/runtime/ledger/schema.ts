/**
 * The version of what is in a ledger. An older one is copied to `backup-VERSION` beside the database and then migrated
 * step by step; a newer one is refused. A step may be killed and run again on what it has already changed, so it adds
 * the new record and removes the old one in one batch. The version is written after each step.
 */
import { cp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { EwbError } from "../../model/errors.ts";
import type { Ledger } from "../../model/ledger.ts";
import { recordKey, recordName } from "./keys.ts";
import { damagedRecord, ledgerError, startAgain } from "./ledgerError.ts";

export interface Schema {
  readonly version: number;
  /** Steps by the version they begin with; each leads to the next version. */
  readonly steps: Readonly<Record<number, (ledger: Ledger) => Promise<void>>>;
}

export const schema: Schema = { version: 1, steps: {} };

const key = recordKey("schema");

/** The ledger of a folder in the version of `schema`. `open`: opens its database. */
export const openInVersion = async (
  folder: string,
  { version, steps }: Schema,
  open: () => Promise<Ledger>,
): Promise<Ledger> => {
  let ledger = await open();
  try {
    let found = await versionOf(folder, ledger);
    if (found === undefined) await writeVersion(ledger, version);
    else if (found > version) throw newer(folder, found, version);
    else if (found < version) {
      await ledger.close();
      await backup(folder, found);
      ledger = await open();
      for (; found < version; found++) {
        await steps[found]!(ledger);
        await writeVersion(ledger, found + 1);
      }
    }
    return ledger;
  } catch (cause) {
    await ledger.close();
    throw cause;
  }
};

const versionOf = async (folder: string, ledger: Ledger): Promise<number | undefined> => {
  const bytes = await ledger.get(key);
  if (bytes !== undefined) return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  for await (const _ of ledger.iterate(new Uint8Array()))
    throw damagedRecord(folder, recordName(key), "there are records, but none says their version");
  return undefined;
};

const writeVersion = (ledger: Ledger, version: number): Promise<void> => {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, version);
  return ledger.batch([{ key, value }]);
};

/** The copy appears under its name when it is whole; one of an earlier try is from before any step: it stays. */
const backup = async (folder: string, version: number): Promise<void> => {
  const copy = join(folder, `backup-${version}`);
  if (await stat(copy).catch(() => undefined)) return;
  try {
    await rm(`${copy}.part`, { recursive: true, force: true });
    await cp(join(folder, "db"), `${copy}.part`, { recursive: true });
    await rename(`${copy}.part`, copy);
  } catch (cause) {
    await rm(`${copy}.part`, { recursive: true, force: true });
    throw ledgerError(folder, "write", cause);
  }
};

const newer = (folder: string, found: number, version: number): EwbError =>
  new EwbError(
    "LedgerNewer",
    `the ledger ${folder} has version ${found}, this ewb knows up to ${version}: use the newer ewb that wrote it, or ${startAgain}`,
    { source: folder },
  );
