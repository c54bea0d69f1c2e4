import type { Configuration } from "./configuration.ts";
import { conversion, filterType } from "./conversion.ts";
import { convert } from "./convert.ts";
import { elements, storedBytes } from "./elements.ts";
import type { Stage, Step } from "./step.ts";

/** numcodecs' astype: stored as one type, used as another. */
export function asType(configuration: Configuration, stage: Stage): Step {
  const stored = filterType("astype", configuration, "encode_dtype", undefined, "read");
  const type = filterType("astype", configuration, "decode_dtype", undefined, "made");
  return conversion("astype", stage, stored, type, (encoded) =>
    storedBytes(convert(elements(encoded, stored), type), type),
  );
}
