import { hashOf, hexOf } from "./hash.ts";
import { addHash, emptySum } from "./hashSum.ts";

/** One text for the versions of some chunks (chunk id -> version), the same in whatever order they were read. */
export const versionOf = (versions: Iterable<readonly [string, string]>): string => {
  let sum = emptySum;
  for (const [chunk, version] of versions) sum = addHash(sum, hashOf(`${chunk}@${version}`));
  return hexOf(sum);
};
