import { hashText } from "../../kernels/hash.ts";
import { addHash, emptySum, sumText } from "../../kernels/hashSum.ts";

/** One text for the versions of some chunks (chunk id -> version), the same in whatever order they were read. */
export const versionOf = (versions: ReadonlyMap<string, string>): string => {
  let sum = emptySum;
  for (const [chunk, version] of versions) sum = addHash(sum, hashText(`${chunk}@${version}`));
  return sumText(sum);
};

/** Whether any of the chunks was not there. */
export const lacks = (versions: ReadonlyMap<string, string>): boolean => {
  for (const version of versions.values()) if (version === "absent") return true;
  return false;
};
