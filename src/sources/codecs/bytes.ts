import { type Configuration, oneOf } from "./configuration.ts";
import { swapped } from "./elements.ts";
import { type Stage, type Step, sameSize } from "./step.ts";

/** Zarr 3's `bytes`: elements low byte first from here on, whatever is stored. One-byte elements have no order. */
export function bytes(configuration: Configuration, { width }: Stage): Step {
  const usual = width === 1 ? "little" : undefined;
  const endian = oneOf("bytes", configuration, "endian", ["little", "big"], usual);
  return {
    name: "bytes",
    encodedSize: sameSize,
    isIdentity: endian === "little",
    decode: (encoded) => (endian === "big" ? swapped(encoded, width) : encoded),
  };
}
