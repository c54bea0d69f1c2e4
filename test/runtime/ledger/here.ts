/** Ledgers in folders of the system's temporary folder, with this process as their owner. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { FinishedSite, UnitInputs, UnitName } from "../../../src/model/finished.ts";
import type { Ledger, LedgerRecords } from "../../../src/model/ledger.ts";
import type { LedgerEffects } from "../../../src/runtime/ledger/openLedger.ts";
import { openLedger } from "../../../src/runtime/ledger/openLedger.ts";
import { openRecords } from "../../../src/runtime/ledger/openRecords.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";

/** A folder maker; what it made is removed after the tests of the file. */
export const temporary = (): ((from?: string) => string) => {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return (from) => {
    const folder = mkdtempSync(join(tmpdir(), "ewb-ledger-"));
    made.push(folder);
    if (from !== undefined) cpSync(from, folder, { recursive: true });
    return folder;
  };
};

export const effectsHere = (): LedgerEffects => ({ system: thisSystem(), host: hostname(), now: Date.now });

export const ledgerAt = (folder: string, effects: Partial<LedgerEffects> = {}): Promise<Ledger> =>
  openLedger(folder, { ...effectsHere(), ...effects });

/** Nothing is written before it is asked for; a flush that fails fails the test. */
export const recordsIn = (
  ledger: Ledger,
  folder: string,
  now = Date.now,
  isWanted = (_: string) => true,
): Promise<LedgerRecords> =>
  openRecords(ledger, folder, {
    now,
    isWanted,
    after: () => () => {},
    failed: (error) => {
      throw error;
    },
  });

export const recordsAt = async (folder: string): Promise<LedgerRecords> =>
  recordsIn(await ledgerAt(folder), folder);

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | undefined): string | undefined =>
  value && new TextDecoder().decode(value);

/** All records below a prefix, as text. */
export const listed = async (ledger: Ledger, prefix = ""): Promise<[string, string][]> => {
  const all: [string, string][] = [];
  for await (const [key, value] of ledger.iterate(bytes(prefix))) all.push([text(key)!, text(value)!]);
  return all;
};

/** Merges two states of the metric of that number. */
export type Merge = (metric: number, a: any, b: any) => unknown;

/** The merge of all that a site gives of some units, and that these are all of them, once. */
export const merged = async (
  site: FinishedSite,
  names: readonly UnitName[],
  merge: Merge,
): Promise<readonly unknown[]> => {
  let all: readonly unknown[] | undefined;
  const found: number[] = [];
  for await (const { units, states } of site.parts(names)) {
    found.push(...units);
    all = all?.map((state, i) => merge(i, state, states[i])) ?? states;
  }
  if (found.sort((a, b) => a - b).some((number, i) => number !== i) || found.length !== names.length)
    throw new Error(`units ${found.join(" ")} of ${names.length}`);
  return all ?? [];
};

/** Keeps the merge of some units, as those who record them do. */
export const bundle = async (site: FinishedSite, names: readonly UnitName[], merge: Merge): Promise<void> => {
  const units = names.map((name) => ({ ...name, inputs: site.find(name)! }));
  site.bundle(units, await merged(site, names, merge));
};

/** The states of each of some units that are in no bundle. */
export const statesOf = async (
  site: FinishedSite,
  names: readonly UnitName[],
): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for await (const { units, states } of site.parts(names)) found[units[0]!] = states;
  return found;
};

export const hexOf = (number: number): string => number.toString(16).padStart(16, "0");

export const inputs = (forecast: number, target = 1): UnitInputs => ({
  forecast: hexOf(forecast),
  target: hexOf(target),
  beside: hexOf(0),
  lacks: { forecast: forecast % 2 === 1, target: target % 3 === 0 },
});
