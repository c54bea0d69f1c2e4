import { shown } from "../sources/stores/locate.ts";

/**
 * Addresses of the sources of a run as they may be told: a password or a signed query that stands in one must not
 * get into a result, a table of failures or a message.
 *
 * @example
 * const addresses = sourceAddresses();
 * addresses.learn("https://me:secret@host/x.zarr?sig=key");
 * addresses.told("https://me:secret@host/x.zarr?sig=key: no such store"); // "https://host/x.zarr: no such store"
 */
export const sourceAddresses = () => {
  const secret = new Map<string, string>();
  return {
    learn(address: string): void {
      if (!address.includes("://")) return;
      const open = shown(address);
      if (open !== address) secret.set(address, open);
    },
    told<T extends string | null>(text: T): T {
      if (text === null) return text;
      let told: string = text;
      for (const [address, open] of secret) told = told.replaceAll(address, open);
      return told as T;
    },
  };
};
