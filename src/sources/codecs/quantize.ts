import type { Configuration } from "./configuration.ts";
import { conversion, filterType } from "./conversion.ts";
import { convert } from "./convert.ts";
import { elements, storedBytes } from "./elements.ts";
import { type Stage, type Step, sameSize } from "./step.ts";

/** Lost digits stay lost: decoding changes nothing. */
export const asStored = (name: string): Step => ({
  name,
  encodedSize: sameSize,
  decode: (encoded) => encoded,
});

/** numcodecs' quantize: only the type may change back, from `astype` to `dtype`. */
export function quantize(configuration: Configuration, stage: Stage): Step {
  const read = filterType("quantize", configuration, "dtype", undefined, "read");
  const stored = filterType("quantize", configuration, "astype", read, "read");
  if (read.name === stored.name && read.bigEndian === stored.bigEndian) return asStored("quantize");
  const type = filterType("quantize", configuration, "dtype", undefined, "made");
  return conversion("quantize", stage, stored, type, (encoded) =>
    storedBytes(convert(elements(encoded, stored), type), type),
  );
}
