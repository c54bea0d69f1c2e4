import { crc32 } from "node:zlib";
import { adler32 } from "./adler32.ts";
import { CodecError } from "./codecError.ts";
import { type Configuration, oneOf } from "./configuration.ts";
import { crc32c } from "./crc32c.ts";
import { fletcher32 } from "./fletcher32.ts";
import type { Step } from "./step.ts";

type Place = "start" | "end";
const wider = (bytes: number) => bytes + 4;

/** `encoded` without its four bytes of checksum (low byte first), once they agree with the rest. */
export function verified(
  codec: string,
  sum: (bytes: Uint8Array) => number,
  place: Place,
  encoded: Uint8Array,
): Uint8Array {
  const length = encoded.length - 4;
  if (length < 0) {
    throw new CodecError({ codec, found: `${encoded.length} bytes`, expected: "a checksum of 4" });
  }
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const stored = view.getUint32(place === "start" ? 0 : length, true);
  const content = place === "start" ? encoded.subarray(4) : encoded.subarray(0, length);
  const computed = sum(content);
  if (computed === stored) return content;
  const found = `checksum ${computed.toString(16)} of ${length} bytes`;
  throw new CodecError({ codec, found, expected: `${stored.toString(16)} as stored` });
}

const checksum =
  (name: string, sum: (bytes: Uint8Array) => number, usual: Place) =>
  (configuration: Configuration): Step => {
    const place = oneOf(name, configuration, "location", ["start", "end"], usual);
    return {
      name,
      encodedSize: ({ least, most }) => ({ least: wider(least), most: wider(most) }),
      decode: (encoded) => verified(name, sum, place, encoded),
    };
  };

/** Where numcodecs puts them unless told otherwise; Zarr 3's own crc32c stands at the end as well. */
export const checksums = {
  adler32: checksum("adler32", adler32, "start"),
  crc32: checksum("crc32", (bytes) => crc32(bytes), "start"),
  crc32c: checksum("crc32c", crc32c, "end"),
  fletcher32: checksum("fletcher32", fletcher32, "end"),
};

/** A shard's index, or anything else that ends with its CRC-32C. */
export const verifyCrc32c = (encoded: Uint8Array): Uint8Array => verified("crc32c", crc32c, "end", encoded);
