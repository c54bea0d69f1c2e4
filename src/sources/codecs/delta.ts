import type { Configuration } from "./configuration.ts";
import { conversion, filterType } from "./conversion.ts";
import { convert } from "./convert.ts";
import { elements, storedBytes } from "./elements.ts";
import type { Stage, Step } from "./step.ts";

/** numcodecs' delta: running sums, each rounded or wrapped to the decoded type as numpy's cumsum does. */
export function delta(configuration: Configuration, stage: Stage): Step {
  const type = filterType("delta", configuration, "dtype", undefined, "made");
  const stored = filterType("delta", configuration, "astype", type, "read");
  return conversion("delta", stage, stored, type, (encoded) => {
    const sums = convert(elements(encoded, stored), type);
    if (sums instanceof BigInt64Array || sums instanceof BigUint64Array) {
      for (let i = 1; i < sums.length; i++) sums[i] = sums[i]! + sums[i - 1]!;
    } else {
      for (let i = 1; i < sums.length; i++) sums[i] = sums[i]! + sums[i - 1]!;
    }
    return storedBytes(sums, type);
  });
}
