import type { Configuration } from "./configuration.ts";
import { finite } from "./configuration.ts";
import { conversion, filterType } from "./conversion.ts";
import { convert } from "./convert.ts";
import { elements, storedBytes } from "./elements.ts";
import type { Stage, Step } from "./step.ts";

/** numcodecs' fixedscaleoffset: stored / scale + offset, in float64, or in float32 where that is stored. */
export function fixedScaleOffset(configuration: Configuration, stage: Stage): Step {
  const name = "fixedscaleoffset";
  const scale = finite(name, configuration, "scale");
  const offset = finite(name, configuration, "offset");
  const type = filterType(name, configuration, "dtype", undefined, "made");
  const stored = filterType(name, configuration, "astype", type, "made");
  const single = stored.name === "float32";
  const wide = { name: "float64", bytes: 8, bigEndian: false } as const;
  return conversion(name, stage, stored, type, (encoded) => {
    const values = elements(encoded, stored);
    const out = new Float64Array(values.length);
    const [by, plus] = single ? [Math.fround(scale), Math.fround(offset)] : [scale, offset];
    for (let i = 0; i < out.length; i++) {
      const quotient = Number(values[i]) / by;
      out[i] = single ? Math.fround(Math.fround(quotient) + plus) : quotient + plus;
    }
    return storedBytes(type.name === wide.name ? out : convert(out, type), type);
  });
}
