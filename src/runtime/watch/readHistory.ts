/**
 * What the ledger beside a result knows of its rows' past. Where a watch has the ledger it is asked, if it listens
 * (`service.json` in the ledger's folder); else the ledger is opened, and nothing of it is changed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { EwbError, isEwbError } from "../../model/errors.ts";
import type { RowVersion } from "../../model/ledger.ts";
import { openLedger } from "../ledger/openLedger.ts";
import { openRecords } from "../ledger/openRecords.ts";
import { thisSystem } from "../machine/system.ts";
import { pastsOf } from "./pasts.ts";
import { serviceFile } from "./serviceBeside.ts";

export interface ReadHistory {
  /** How many versions there are of each row that has a past, by key. */
  pasts(): Promise<ReadonlyMap<string, number>>;
  /** What a row said, oldest first; `at` is when another version took its place. */
  versions(key: string): Promise<readonly RowVersion[]>;
  close(): Promise<void>;
}

/** The folder of the ledger beside a result: the only one there, or the one of its name. Throws `NotFound`. */
export const ledgerBeside = (result: string): string => {
  const folder = dirname(resolve(result));
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ledger")) : [];
  const own = `${basename(result).replace(/(\.failures|\.gaps)?\.parquet$/, "")}.ledger`;
  const name = names.includes(own) ? own : names.length === 1 ? names[0] : undefined;
  if (name !== undefined) return join(folder, name);
  const found = names.length === 0 ? "no ledger" : `${names.length} ledgers (${names.join(", ")})`;
  const then = names.length === 0 ? 'only "ewb watch" keeps a history' : "name one with --ledger FOLDER";
  throw new EwbError("NotFound", `${found} found beside ${result}, one expected: ${then}`, {
    source: folder,
  });
};

/** @throws `LedgerOwned` where a watch has it that does not listen; `NotFound` where there is no ledger */
export const readHistory = async (folder: string): Promise<ReadHistory> => {
  if (!existsSync(join(folder, "db")))
    throw new EwbError("NotFound", `${folder}: no ledger found, one of "ewb watch" expected`, {
      source: folder,
    });
  try {
    const ledger = await openLedger(folder, { system: thisSystem(), host: hostname(), now: Date.now });
    const never = { now: Date.now, after: () => () => {}, failed: () => {} };
    const records = await openRecords(ledger, folder, never);
    return {
      pasts: () => pastsOf(ledger),
      versions: (key) => records.history(key),
      close: () => records.close(),
    };
  } catch (error) {
    if (!isEwbError(error, "LedgerOwned")) throw error;
    const url = readUrl(folder);
    if (url !== undefined) return ofService(url, error);
    throw new EwbError(
      "LedgerOwned",
      `${error.message}; a watch that was started with --listen 127.0.0.1:9464 answers while it goes`,
      error.place,
      { cause: error },
    );
  }
};

const readUrl = (folder: string): string | undefined => {
  try {
    const { url } = JSON.parse(readFileSync(serviceFile(folder), "utf8"));
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
};

const ofService = (url: string, owned: EwbError): ReadHistory => {
  const ask = async (path: string): Promise<any> => {
    try {
      const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000), redirect: "error" });
      const found: any = await answer.json();
      if (answer.ok) return found;
      throw new EwbError("NotFound", `${url}${path}: ${found.error}`);
    } catch (cause) {
      if (isEwbError(cause)) throw cause;
      throw new EwbError("LedgerOwned", `${owned.message}; ${url} does not answer`, owned.place, { cause });
    }
  };
  return {
    pasts: async () => new Map(await ask("/history")),
    versions: (key) => ask(`/history/${key}`),
    close: async () => {},
  };
};
