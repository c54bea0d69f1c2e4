/** Addresses as users write them, made whole: a relative one starts from the folder of the file it stands in. */
import { dirname, isAbsolute, resolve } from "node:path";
import type { Problem } from "../kernels/instant.ts";

const schemes: readonly string[] = ["file", "http", "https", "gs", "s3", "az"];

/**
 * An address relative to the file it stands in (a path, or an `https://…` address).
 *
 * @example resolveAddress("cases.yaml", "/data/mine.yaml") // "/data/cases.yaml"
 */
export const resolveAddress = (address: string, file: string): string | Problem => {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(address)?.[1];
  if (scheme !== undefined) {
    if (schemes.includes(scheme.toLowerCase())) return address;
    return { problem: `${address} begins with ${scheme}://; known are: a path, ${schemes.join("://, ")}://` };
  }
  if (isAbsolute(address)) return address;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(file)) {
    const cut = file.replace(/[?#].*$/, "");
    return new URL(address, cut).href;
  }
  return resolve(dirname(file), address);
};
