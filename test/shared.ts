/**
 * Fixtures are read in place from the folder that `EWB_SHARED` names (default: `../shared` beside the
 * repository). Where it is missing, tests that need it are skipped with a clear line, or fail where `CI` is set.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, it } from "vitest";

const root = resolve(process.env.EWB_SHARED ?? resolve(import.meta.dirname, "..", "..", "shared"));

/** Path of a fixture. */
export const sharedPath = (...parts: string[]): string => resolve(root, ...parts);

/** `describe` for tests that need the fixtures. */
export const describeShared = (name: string, fn: () => void): void => {
  if (existsSync(root)) {
    describe(name, fn);
    return;
  }
  const line = `fixtures not found at ${root}: set EWB_SHARED`;
  if (process.env.CI) {
    describe(name, () => {
      it("has its fixtures", () => {
        throw new Error(line);
      });
    });
    return;
  }
  describe(name, () => {
    it.skip(line, () => {});
  });
};
