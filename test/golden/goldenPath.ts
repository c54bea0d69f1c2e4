/**
 * The golden families that are lists in JSON: those of the fixtures (`EWB_SHARED`) where they are there, else the
 * copy kept in `cases`, so that a clone without fixtures verifies the same numbers.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { sharedPath } from "../shared.ts";

const root = existsSync(sharedPath("golden")) ? sharedPath("golden") : resolve(import.meta.dirname, "cases");

/** Path of a golden file or folder. */
export const goldenPath = (...parts: string[]): string => resolve(root, ...parts);
