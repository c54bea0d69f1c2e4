import { isDeepStrictEqual } from "node:util";
import { type ArrayMetadata, MetadataFault, shownValue } from "./arrayMetadata.ts";
import type { JsonObject } from "./parseJson.ts";

/**
 * An array's metadata are often written twice: beside it and, gathered, in the group. Where the two say different
 * things about how bytes become values (shape, type, chunks, codecs), one of them gives absurd values or half a day:
 * throws `MetadataFault` that names both. Differences that can be lived with come back as warnings, and the array's
 * own metadata count. Of an array that grows the gathered ones may be of an earlier length; so may the chunks of a
 * coordinate, which is written anew as a whole.
 */
export function agreement(own: ArrayMetadata, gathered: ArrayMetadata, grows = false): readonly string[] {
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(own.essence)) {
    const other = gathered.essence[key];
    if (isDeepStrictEqual(other, value)) continue;
    const lengths = `${shownValue(value)} as in the array's own metadata`;
    const mayDiffer = key === "shape" || (/^chunk/.test(key) && own.shape.length === 1);
    if (grows && mayDiffer && own.shape.length === gathered.shape.length) {
      warnings.push(
        `the consolidated metadata are of another time: ${key} ${shownValue(other)}, ${lengths}, which count`,
      );
      continue;
    }
    throw new MetadataFault(key, other, `${lengths} (consolidate again)`);
  }
  if (!Object.is(own.fill, gathered.fill)) {
    warnings.push(
      `fill_value ${gathered.fill} consolidated, ${own.fill} in the array's own metadata, which count`,
    );
  }
  const names = differingKeys(own.attributes, gathered.attributes);
  if (names.length > 0) {
    warnings.push(`consolidated attributes differ from the array's own, which count: ${names.join(", ")}`);
  }
  return warnings;
}

function differingKeys(a: JsonObject, b: JsonObject): string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !isDeepStrictEqual(a[key], b[key])).sort();
}
