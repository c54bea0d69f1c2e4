/**
 * What rows were: one record a version, under the hash of the row's key and two numbers that only grow (which opening of
 * the ledger, which version of it), so that the order is that of adding, whatever the clock does.
 */
import { deserialize, serialize } from "node:v8";
import { EwbError } from "../../model/errors.ts";
import type { Ledger, RowVersion } from "../../model/ledger.ts";
import { hashBytes, idOf, recordKey, recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";
import type { WriteBuffer } from "./writeBuffer.ts";

/** Records removed at once. */
const atOnce = 10_000;

export class History {
  readonly #folder: string;
  readonly #ledger: Ledger;
  readonly #buffer: WriteBuffer;
  readonly #opening: number;
  #number = 0;

  constructor(folder: string, ledger: Ledger, buffer: WriteBuffer, opening: number) {
    this.#folder = folder;
    this.#ledger = ledger;
    this.#buffer = buffer;
    this.#opening = opening;
  }

  append(row: string, version: RowVersion): void {
    const { at, value, n, status, forecastVersion, targetVersion } = version;
    this.#buffer.put(
      recordKey("version", rowBytes(row), this.#opening, this.#number++),
      serialize([at, value, n, status, forecastVersion, targetVersion]),
    );
  }

  async of(row: string): Promise<readonly RowVersion[]> {
    await this.#buffer.flush();
    const versions: RowVersion[] = [];
    for await (const [key, bytes] of this.#ledger.iterate(recordKey("version", rowBytes(row))))
      versions.push(this.#version(key, bytes));
    return versions;
  }

  async prune({ before = -Infinity, keep = Infinity }: { before?: number; keep?: number }): Promise<number> {
    await this.#buffer.flush();
    let [row, removed] = ["", 0];
    let keys: Uint8Array[] = [];
    let old: Uint8Array[] = [];
    const endRow = async (): Promise<void> => {
      if (keys.length > keep) old.push(...keys.slice(0, keys.length - keep));
      keys = [];
      if (old.length < atOnce) return;
      removed += old.length;
      await this.#remove(old);
      old = [];
    };
    for await (const [key, bytes] of this.#ledger.iterate(recordKey("version"))) {
      if (idOf(key) !== row) await endRow();
      row = idOf(key);
      if (this.#version(key, bytes).at < before) old.push(key);
      else keys.push(key);
    }
    await endRow();
    await this.#remove(old);
    return removed + old.length;
  }

  #remove(keys: readonly Uint8Array[]): Promise<void> {
    return this.#ledger.batch(keys.map((key) => ({ key, value: undefined })));
  }

  #version(key: Uint8Array, bytes: Uint8Array): RowVersion {
    try {
      const [at, value, n, status, forecastVersion, targetVersion] = deserialize(bytes);
      return { at, value, n, status, forecastVersion, targetVersion };
    } catch (cause) {
      throw damagedRecord(this.#folder, recordName(key), "this version of Node.js cannot read it", cause);
    }
  }
}

const rowBytes = (row: string): Uint8Array => {
  if (/^[0-9a-f]{16}$/.test(row)) return hashBytes(row);
  throw new EwbError("InvalidValue", `row "${row}": expected a hash of 16 hexadecimal digits`);
};
