/** Keys of records: a letter, then fixed numbers of bytes, so that records of a site or of a row lie side by side. */
const kinds = {
  schema: "m",
  openings: "o",
  site: "t",
  rows: "u",
  states: "s",
  bundleUnits: "b",
  bundle: "c",
  version: "h",
} as const;

export type RecordKind = keyof typeof kinds;

/** The 8 bytes of a hash of 16 hexadecimal digits. */
export const hashBytes = (hash: string): Uint8Array => Buffer.from(hash, "hex");

/** A key, or the prefix of keys, of an id of 8 bytes and of numbers of 32 bits. */
export const recordKey = (kind: RecordKind, id?: Uint8Array, ...numbers: readonly number[]): Uint8Array => {
  let at = 1 + (id?.length ?? 0);
  const length = at + 4 * numbers.length;
  // Of memory that keys have in common: to make some for each takes longer than all else that is done with it.
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  const key = new Uint8Array(buffer, byteOffset, length);
  key[0] = kinds[kind].charCodeAt(0);
  if (id !== undefined) key.set(id, 1);
  for (const number of numbers) for (let bits = 24; bits >= 0; bits -= 8) key[at++] = number >>> bits;
  return key;
};

/** The id in a key. */
export const idOf = (key: Uint8Array): string => Buffer.from(key.subarray(1, 9)).toString("hex");

/** The first number in a key. */
export const numberOf = (key: Uint8Array): number =>
  new DataView(key.buffer, key.byteOffset + 9).getUint32(0);

/** What messages call the record of a key, e.g. `states 9f86d081884c7d65 00000001`. */
export const recordName = (key: Uint8Array): string => {
  const letter = String.fromCharCode(key[0] ?? 0);
  const kind = (Object.keys(kinds) as RecordKind[]).find((name) => kinds[name] === letter) ?? "unknown";
  const rest = Buffer.from(key.subarray(9)).toString("hex");
  return [kind, idOf(key), rest].filter((part) => part !== "").join(" ");
};
