/**
 * What the ledger beside a result knows of its rows' past. Where a watch has the ledger it is asked; else the ledger is
 * opened, and nothing of it is changed.
 */
import { existsSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { EwbError, isEwbError } from "../../model/errors.ts";
import type { RowVersion } from "../../model/ledger.ts";
import { openLedger } from "../ledger/openLedger.ts";
import { openRecords } from "../ledger/openRecords.ts";
import { thisSystem } from "../machine/system.ts";
import { socketOf } from "./localSocket.ts";
import { pastsOf } from "./pasts.ts";

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

/** @throws `LedgerOwned` where a watch has it that cannot be asked; `NotFound` where there is no ledger */
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
    const socket = socketOf(folder);
    if (socket === undefined) throw error;
    return ofService(socket, error);
  }
};

/** Milliseconds until an answer. */
const patience = 10_000;

const ofService = (socketPath: string, owned: EwbError): ReadHistory => {
  const ask = async (path: string): Promise<any> => {
    const found = await answerOf(socketPath, path).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new EwbError("LedgerOwned", `${owned.message}; it does not answer: ${why}`, owned.place, {
        cause,
      });
    });
    if (found.isGood) return found.body;
    throw new EwbError("NotFound", `${path}: ${found.body.error}`);
  };
  return {
    pasts: async () => new Map(await ask("/history")),
    versions: (key) => ask(`/history/${key}`),
    close: async () => {},
  };
};

const answerOf = (
  socketPath: string,
  path: string,
): Promise<{ readonly isGood: boolean; readonly body: any }> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, signal: AbortSignal.timeout(patience) }, async (answer) => {
      try {
        let text = "";
        for await (const part of answer.setEncoding("utf8")) text += part;
        resolve({ isGood: answer.statusCode === 200, body: JSON.parse(text) });
      } catch (error) {
        reject(error);
      }
    });
    asked.on("error", reject);
    asked.end();
  });
