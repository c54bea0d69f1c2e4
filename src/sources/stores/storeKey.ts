import { EwbError } from "../../model/errors.ts";

/**
 * Keys are relative names with `/` between the parts. One that could leave the store (`..`, an absolute path, a
 * backslash) is an error wherever it comes from: metadata and references are other people's text.
 */
export function checkKey(address: string, key: string): void {
  const parts = key.split("/");
  const inside = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0]/.test(part));
  if (inside) return;
  throw new EwbError(
    "StoreRead",
    `${address}: key ${JSON.stringify(key)} found, a name inside the store expected (no "..", no empty part)`,
    { source: address, chunk: key },
  );
}
