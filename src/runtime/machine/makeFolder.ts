/**
 * Makes a folder and those above it, one by one: the engine's own recursive way never ends where a folder that is
 * there takes no other, as below /proc.
 *
 * @throws what the system says of the first that cannot be made
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

export const makeFolder = (path: string): void => {
  const folder = resolve(path);
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Made by another in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
};
