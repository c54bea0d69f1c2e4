/**
 * A ledger whose values carry a checksum (CRC-32 of value and key, 4 bytes at the end), so that a damaged page is an
 * error and no number. A record that a damaged page hides costs work, not truth: its unit is computed again.
 */
import { crc32 } from "node:zlib";
import type { Ledger } from "../../model/ledger.ts";
import { recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";

/** @param folder what errors name */
export const withChecksums = (ledger: Ledger, folder: string): Ledger => {
  const opened = (key: Uint8Array, sealed: Uint8Array): Uint8Array => {
    const value = sealed.subarray(0, Math.max(0, sealed.length - 4));
    if (sealed.length < 4 || sumOf(key, value) !== view(sealed).getUint32(value.length, true))
      throw damagedRecord(folder, recordName(key), "its checksum is not that of its bytes");
    return value;
  };
  return {
    get: async (key) => {
      const value = await ledger.get(key);
      return value && opened(key, value);
    },
    getMany: async (keys) => {
      const values = await ledger.getMany(keys);
      return values.map((value, i) => value && opened(keys[i]!, value));
    },
    async *iterate(prefix) {
      for await (const [key, value] of ledger.iterate(prefix)) yield [key, opened(key, value)];
    },
    batch: (changes) =>
      ledger.batch(changes.map(({ key, value }) => ({ key, value: value && sealed(key, value) }))),
    close: () => ledger.close(),
  };
};

const sealed = (key: Uint8Array, value: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(value.length + 4);
  bytes.set(value);
  view(bytes).setUint32(value.length, sumOf(key, value), true);
  return bytes;
};

// The key last: of no bytes at all zlib forgets what it began with.
const sumOf = (key: Uint8Array, value: Uint8Array): number => crc32(key, crc32(value));

const view = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
